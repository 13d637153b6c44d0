import Model

/// An address on which a program listens, as it stands in a service's `listen` list: `tcp:0.0.0.0:80`, `tcp:[::]:80`.
public struct ListenEndpoint: Hashable, Sendable {
    /// `tcp`, `udp`, lower case.
    public var transport: String
    /// The address; nil for all (`*`).
    public var address: IPAddress?
    /// The port.
    public var port: Int

    /// An endpoint.
    public init(transport: String, address: IPAddress?, port: Int) {
        self.transport = transport
        self.address = address
        self.port = port
    }

    /// Parses `TRANSPORT:ADDRESS:PORT` with `:`, `|`, `/` or a space between the parts and optional brackets around the
    /// address; nil on anything else.
    public init?(_ text: String) {
        let isSeparator: (UInt8) -> Bool = { [58, 124, 47, 32].contains($0) }
        let bytes = Array(text.utf8)
        guard bytes.count <= 80, let first = bytes.firstIndex(where: isSeparator),
            let last = bytes.lastIndex(where: isSeparator), first < last,
            let port = Int(String(decoding: bytes[(last + 1)...], as: UTF8.self)), (0...65_535).contains(port)
        else { return nil }
        var middle = bytes[(first + 1)..<last]
        if middle.first == UInt8(ascii: "["), middle.last == UInt8(ascii: "]") {
            middle = middle.dropFirst().dropLast()
        }
        let address = String(decoding: middle, as: UTF8.self)
        if address == "*" || address.isEmpty {
            self.address = nil
        } else if let parsed = IPAddress(address) {
            self.address = parsed
        } else {
            return nil
        }
        var transport = String(decoding: bytes[..<first], as: UTF8.self).lowercased()
        // `tcp6` is TCP over IPv6: the address says so already.
        if transport.hasSuffix("6") || transport.hasSuffix("4") { transport.removeLast() }
        guard transport == "tcp" || transport == "udp" || transport == "sctp" || transport == "dccp" else { return nil }
        self.transport = transport
        self.port = port
    }

    /// How well a listener on this endpoint answers for `address`: 2 for its very address, 1 for all addresses, 0 not
    /// at all.
    public func match(transport: String, address: IPAddress?, port: Int) -> Int {
        guard self.transport == transport, self.port == port else { return 0 }
        guard let own = self.address, !own.isUnspecified else { return 1 }
        guard let address, !address.isUnspecified else { return 1 }
        return own == address ? 2 : 0
    }
}
