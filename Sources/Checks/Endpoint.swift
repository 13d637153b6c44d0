import Model
import TOML

/// A host and port as a check names them.
struct Endpoint: Hashable, Sendable {
    /// A name or an address without brackets.
    var host: String
    /// 1 to 65535.
    var port: Int

    /// Parses `HOST:PORT` or `[ADDRESS]:PORT`; nil on anything else.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (1...65_535).contains(port)
        else { return nil }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        let isName = host.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
        guard !host.isEmpty, host.utf8.count <= 253, isName || IPAddress(host) != nil else { return nil }
        self.host = host
        self.port = port
    }

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// The program that listens there, where the address is this host's own loopback; else the host that looks.
    var defaultSubject: Subject {
        let address = host == "localhost" ? IPAddress("127.0.0.1") : IPAddress(host)
        guard let address, address.isLoopback else { return .host }
        return .listener(transport: "tcp", address: address.description, port: port)
    }

    /// `host:port`, an IPv6 address in brackets.
    var display: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
