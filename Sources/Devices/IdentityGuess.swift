/// What can be told of a device nobody described: from the words of sysDescr and from what it has.
enum IdentityGuess {
    /// The first part of the description, where it is short: without the vendor's name before it and the version behind it.
    /// Of a long one the first word with letters and digits, which is what most vendors call a model.
    static func model(_ description: String, vendor: String?) -> String? {
        let parts = description.split(whereSeparator: { ";,(".contains($0) })
        guard var text = parts.lazy.map(trimmed).first(where: { !$0.isEmpty }) else { return nil }
        if let vendor, text.lowercased().hasPrefix(vendor.lowercased() + " ") {
            text = trimmed(text.dropFirst(vendor.count + 1))
        }
        let lowered = text.lowercased()
        // A host tells its operating system, not its model.
        let whole = description.lowercased()
        if ["linux", "windows", "freebsd", "sunos", "darwin"].contains(where: whole.contains) { return nil }
        if ["snmp", "software"].contains(where: lowered.contains) { return firstModelWord(description) }
        let words = text.split(separator: " ")
        let end = words.firstIndex {
            isVersion($0) || ["version", "firmware", "rev", "ver", "hw", "sw"].contains($0.lowercased())
        }
        let model = words[..<(end ?? words.endIndex)].joined(separator: " ")
        return (2...48).contains(model.utf8.count) ? model : firstModelWord(description)
    }

    /// A number with dots: the first such word of the description.
    static func version(_ description: String) -> String? {
        let words = description.split(whereSeparator: { " ,;[]".contains($0) })
        return words.lazy.map { $0.hasSuffix(":") || $0.hasSuffix(".") ? $0.dropLast() : $0 }.first(where: isVersion)
            .map { String($0) }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }

    private static func firstModelWord(_ description: String) -> String? {
        let words = description.split(whereSeparator: { " ,;()".contains($0) }).prefix(4)
        return words.first { word in
            let bytes = word.utf8
            return (3...32).contains(bytes.count) && !isVersion(word) && bytes.contains { (48...57).contains($0) }
                && bytes.contains { (65...90).contains($0) } && bytes.allSatisfy { $0 > 44 && $0 != 58 && $0 != 47 }
        }.map { String($0) }
    }

    /// `1.2`, `v1.2.3`, `V5.0.1-rc2`, `12.2(55)SE12`: a letter at most, then digits, a dot and a digit.
    private static func isVersion(_ word: some StringProtocol) -> Bool {
        var bytes = Array(word.utf8.prefix(40))
        if let first = bytes.first, first | 0x20 == UInt8(ascii: "v") || first | 0x20 == UInt8(ascii: "r") {
            bytes.removeFirst()
        }
        guard let dot = bytes.firstIndex(of: UInt8(ascii: ".")), (1...3).contains(dot), dot + 1 < bytes.count else {
            return false
        }
        return bytes[..<dot].allSatisfy { (48...57).contains($0) } && (48...57).contains(bytes[dot + 1])
    }

    /// What it has tells what it is for.
    static func kind(_ report: DeviceReport) -> String? {
        if !report.supplies.isEmpty { return "printer" }
        if report.sensors.contains(where: { ["charge", "runtime"].contains($0.sensorClass) }) { return "power" }
        if !report.forwarding.isEmpty || report.interfaces.count > 7 { return "network" }
        let text = (report.description ?? "").lowercased()
        let words: [(String, String)] = [
            ("firewall", "firewall"), ("switch", "network"), ("router", "network"), ("access point", "wireless"),
            ("printer", "printer"), ("laserjet", "printer"), ("ups", "power"), ("pdu", "power"), ("camera", "camera"),
            ("linux", "server"), ("windows", "server"), ("storage", "storage"),
        ]
        return words.first { text.contains($0.0) }?.1
    }
}
