import Model

/// Whom a check asks over the network, as its settings have it, for a host that bounds that.
enum CheckPlace: Hashable {
    /// Nobody, or the host's own name servers.
    case nobody
    /// This address.
    case address(IPAddress)
    /// A name, which may mean any address; so does what cannot be told apart from one.
    case name

    /// Reads the settings of a check; they need not be right.
    init(_ item: PolicyItem) {
        let keys = ["tcp": "target", "http": "url", "icmp": "host", "dns": "resolver", "time": "server"]
        guard let kind = item.settings["type"]?.text, let key = keys[kind], let value = item.settings[key] else {
            self = .nobody
            return
        }
        guard let text = value.text else {
            self = .name
            return
        }
        let place = kind == "http" ? CheckPlace.authority(of: text) : text
        self = place.flatMap(CheckPlace.address).map { .address($0) } ?? .name
    }

    /// What stands between `//` and the path; nil where anything is in it that readers of URLs disagree about.
    private static func authority(of url: String) -> String? {
        for scheme in ["http://", "https://"] where url.utf8.starts(with: scheme.utf8) {
            let rest = url.utf8.dropFirst(scheme.utf8.count).prefix { !Array("/?#".utf8).contains($0) }
            let plain = rest.allSatisfy { (48...58).contains($0) || Array("abcdefABCDEF.[]".utf8).contains($0) }
            return plain ? String(Substring(rest)) : nil
        }
        return nil
    }

    /// The address in `ADDRESS`, `ADDRESS:PORT` or `[ADDRESS]:PORT`.
    private static func address(_ text: String) -> IPAddress? {
        if let address = IPAddress(text) { return address }
        var host = text
        if !text.hasSuffix("]") {
            guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
            host = String(text[..<colon])
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        return IPAddress(host)
    }
}
