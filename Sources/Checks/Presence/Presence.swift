import Model

/// What an address answered, asked in other ways than SNMP.
public struct Presence: Hashable, Sendable {
    /// Whether it answered an ICMP echo.
    public var echoes = false
    /// TCP ports that accept connections.
    public var open: [UInt16] = []
    /// Whether it refused a TCP connection: somebody is there.
    public var refuses = false
    /// The MAC address behind it, where it is on a link of this host.
    public var mac: MACAddress?

    /// Nothing.
    public init() {}

    /// Whether somebody is there.
    public var isThere: Bool { echoes || refuses || !open.isEmpty || mac != nil }
}

/// How addresses are asked.
public struct PresenceOptions: Hashable, Sendable {
    /// Whether an ICMP echo is asked for.
    public var echoes = true
    /// TCP ports that are tried.
    public var ports: [UInt16] = []
    /// Whether addresses on this host's own links are looked for there: an empty datagram has the kernel ask for the MAC address.
    public var links = false
    /// Packets a second.
    public var rate = 100
    /// Time to wait for an answer.
    public var timeout = Duration.seconds(1)

    /// An ICMP echo alone.
    public init() {}

    /// Whether nothing is asked.
    public var isEmpty: Bool { !echoes && ports.isEmpty && !links }
}

/// How a sweep went.
public struct PresenceReceipt: Hashable, Sendable {
    /// Packets that were sent, TCP handshakes as one.
    public var packets = 0
    /// What could not be sent at all, in words: this host allows no ICMP.
    public var problems: Set<String> = []
    /// Whether more addresses answered than are kept.
    public var isCut = false

    /// All zero.
    public init() {}
}
