import Model

/// Which place a device stands at, out of what it says of its location (sysLocation, RFC 3418).
enum NetworkPlace {
    /// What agents say before somebody has written a location.
    private static let unsaid: Set<String> = [
        "unknown", "none", "n/a", "na", "null", "not set", "undefined", "default", "location", "syslocation", "-", ".",
        "?",
        "sitting on the dock of the bay", "right here, right now.", "right here", "server room", "somewhere",
    ]

    /// The place's name: the first part of `Building 1, floor 2, rack 4`; nil where nothing is said.
    static func name(_ location: String?) -> String? {
        guard let location else { return nil }
        let text = trimmed(location[...])
        guard !isUnsaid(text) else { return nil }
        let parts = text.unicodeScalars.split(maxSplits: 1, omittingEmptySubsequences: true) { separators.contains($0) }
        guard let part = parts.first else { return nil }
        let name = trimmed(Substring(part))
        return isUnsaid(name) ? nil : name
    }

    /// One key for one name, however it is written.
    static func key(_ name: String) -> String { name.lowercased() }

    private static let separators = Set(",;/|>\n\t，；／".unicodeScalars)

    private static func isUnsaid(_ text: String) -> Bool {
        // `Unknown (edit /etc/snmp/snmpd.conf)` is what net-snmp ships.
        text.isEmpty || unsaid.contains(text.lowercased()) || text.lowercased().hasPrefix("unknown (")
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.unicodeScalars
        while let first = text.first, first.properties.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.properties.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}
