import Model

/// One live connection as a host saw it: from a program to an address and port.
public struct ConnectionStatement: Hashable, Sendable {
    /// The service's key in its host.
    public var service: String
    /// `tcp` and the like.
    public var transport: String
    /// The other end.
    public var address: IPAddress
    /// The other end's port.
    public var port: Int

    /// Reads an item of the section `connections`; nil when it is not one to another machine's or this one's listener.
    public init?(_ item: SectionItem) {
        let facts = item.attributes
        guard let transport = facts["transport"]?.text, let text = facts["remote_address"]?.text,
            let address = IPAddress(text), let port = facts["remote_port"]?.integer.flatMap({ Int(exactly: $0) }),
            (1...65_535).contains(port)
        else { return nil }
        service = facts["service"]?.text ?? ""
        self.transport = transport
        self.address = address
        self.port = port
    }
}
