import Model

/// An interface as topology sees it.
public struct TopologyPort: Hashable, Sendable {
    /// The interface.
    public var ci: CIID
    /// The host or device it is in.
    public var owner: CIID
    /// Its MAC address.
    public var mac: MACAddress?
    /// Whether it carries frames; nil where nobody tells.
    public var isUp: Bool?
    /// The aggregate (bond, port channel) it is a member of.
    public var aggregate: CIID?
    /// How far it is from a cable: of interfaces with one MAC address the lowest is where the cable ends.
    public var distance: Int
    /// Its number in its owner's bridge (dot1dBasePort); nil where nobody tells.
    public var bridgePort: Int64?
    /// The port that speaks for its segment in spanning tree; nil where it does so itself.
    public var designated: DesignatedEnd?

    /// An interface.
    public init(
        ci: CIID, owner: CIID, mac: MACAddress? = nil, isUp: Bool? = nil, aggregate: CIID? = nil,
        distance: Int = 0, bridgePort: Int64? = nil, designated: DesignatedEnd? = nil
    ) {
        self.bridgePort = bridgePort
        self.designated = designated
        self.ci = ci
        self.owner = owner
        self.mac = mac
        self.isUp = isUp
        self.aggregate = aggregate
        self.distance = distance
    }
}

/// The port that speaks for a segment in spanning tree, as another port of the segment names it.
public struct DesignatedEnd: Hashable, Sendable {
    /// The bridge's address.
    public var bridge: MACAddress
    /// The port's number in that bridge.
    public var port: Int64

    /// An end.
    public init(bridge: MACAddress, port: Int64) {
        self.bridge = bridge
        self.port = port
    }

    /// An end as it is told; nil when a part is missing or no address.
    init?(bridge: String?, port: Int64?) {
        guard let bridge = bridge.flatMap({ MACAddress($0) }), let port else { return nil }
        self.init(bridge: bridge, port: port)
    }
}

/// What a port has heard over LLDP, CDP or FDP.
public struct HeardNeighbour: Hashable, Sendable {
    /// The port that heard.
    public var port: CIID
    /// The interface at the other end; nil where no CI is that.
    public var remote: CIID?

    /// A neighbour.
    public init(port: CIID, remote: CIID?) {
        self.port = port
        self.remote = remote
    }
}

/// Everything a derivation of links rests on.
public struct TopologyInput: Sendable {
    /// All interfaces.
    public var ports: [TopologyPort] = []
    /// Forwarding tables by device; one for each agent that probes it.
    public var tables: [CIID: [ForwardingTable]] = [:]
    /// The address that spanning tree names each device by.
    public var bridges: [CIID: MACAddress] = [:]
    /// What ports have heard.
    public var heard: [HeardNeighbour] = []
    /// Hosts that are virtual machines or containers.
    public var virtual: Set<CIID> = []
    /// The host of each guest that a host lists.
    public var listed: [CIID: CIID] = [:]
    /// What the last derivation found: a machine that is quiet for a while stays where it was.
    public var previous = Topology()

    /// Nothing.
    public init() {}
}

/// What follows from forwarding tables: cables that nobody has named, and guests behind a real machine's port.
public struct Topology: Hashable, Sendable {
    /// A cable between a device's port and another interface.
    public struct Link: Hashable, Sendable {
        /// The device whose table shows it.
        public var device: CIID
        /// Its port, or the aggregate that the port is part of.
        public var port: CIID
        /// The other end.
        public var other: CIID
        /// What it rests on.
        public var evidence: RelationEvidence
        /// How sure it is, in percent.
        public var confidence: Int

        /// A cable.
        public init(device: CIID, port: CIID, other: CIID, evidence: RelationEvidence, confidence: Int? = nil) {
            self.device = device
            self.port = port
            self.other = other
            self.evidence = evidence
            self.confidence = confidence ?? evidence.confidence
        }
    }

    /// A guest that is seen behind the port of its host.
    public struct Guest: Hashable, Sendable {
        /// The device whose table shows it.
        public var device: CIID
        /// The virtual machine or container.
        public var guest: CIID
        /// The real machine.
        public var host: CIID

        /// A guest.
        public init(device: CIID, guest: CIID, host: CIID) {
            self.device = device
            self.guest = guest
            self.host = host
        }
    }

    /// Cables in order of device, port, other end.
    public var links: [Link] = []
    /// Guests in order of their number.
    public var guests: [Guest] = []

    /// Nothing.
    public init() {}
}
