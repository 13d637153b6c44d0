/// How many connections a port holds, and how long one may wait with its request.
public struct ConnectionLimits: Hashable, Sendable {
    /// Connections of a port at once.
    public var most: Int
    /// Of these, connections of one address, of IPv6 one network of 64 bits, that have not shown who they are.
    public var strangersPerAddress: Int
    /// Seconds from the connection, with its TLS handshake, to the end of the first request's header.
    public var firstRequestSeconds: Int64
    /// Seconds that a peer may leave an answer unread that does not fit into the buffers on the way.
    public var unreadSeconds: Int64

    /// Limits; the standard ones hold a fleet of some thousand agents and a site of some hundred behind one address.
    public init(
        most: Int = 8192, strangersPerAddress: Int = 512, firstRequestSeconds: Int64 = 10, unreadSeconds: Int64 = 60
    ) {
        self.most = most
        self.strangersPerAddress = strangersPerAddress
        self.firstRequestSeconds = firstRequestSeconds
        self.unreadSeconds = unreadSeconds
    }
}
