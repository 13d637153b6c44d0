import Model

/// What carries the messages.
public enum SNMPTransport: String, Hashable, Sendable, Codable, CaseIterable {
    /// UDP: a socket of its own per device, connected, so that answers from elsewhere never arrive.
    case udp
    /// TCP (RFC 3430).
    case tcp
}

/// Where one walk ends at the latest, and how it starts.
public struct SNMPLimits: Hashable, Sendable {
    /// Values asked for in the first GETBULK; the walk learns what the device bears and starts there next time.
    public var bulkValues: Int
    /// Columns asked for in one message.
    public var columns: Int
    /// Rows after which a walk ends as ``SNMPEnd/rowLimit``.
    public var rows: Int
    /// Bytes of values and names after which a walk ends as ``SNMPEnd/byteLimit``.
    public var bytes: Int
    /// Seconds after which an operation ends as ``SNMPEnd/deadline``, retries included.
    public var deadline: Double

    /// Limits that suit a large switch on a healthy network.
    public init(
        bulkValues: Int = 40, columns: Int = 10, rows: Int = 200_000, bytes: Int = 32 << 20, deadline: Double = 60
    ) {
        self.bulkValues = bulkValues
        self.columns = columns
        self.rows = rows
        self.bytes = bytes
        self.deadline = deadline
    }
}

/// A device to ask: address, port, transport, credential, patience.
public struct SNMPTarget: Hashable, Sendable {
    /// The address; names are resolved by the caller.
    public var address: IPAddress
    /// The port, 161 by convention.
    public var port: UInt16
    /// UDP or TCP.
    public var transport: SNMPTransport
    /// What the device wants to see.
    public var credential: SNMPCredential
    /// Seconds to wait for the first answer; each retry waits half as long again.
    public var timeout: Double
    /// How often a request is sent again.
    public var retries: Int
    /// The limits of each operation.
    public var limits: SNMPLimits
    /// Whether its descriptor is closed with its last operation: a sweep asks thousands of addresses once.
    public var isAskedOnce = false

    /// A device to ask.
    public init(
        address: IPAddress, port: UInt16 = 161, transport: SNMPTransport = .udp, credential: SNMPCredential,
        timeout: Double = 2, retries: Int = 2, limits: SNMPLimits = SNMPLimits()
    ) {
        self.address = address
        self.port = port
        self.transport = transport
        self.credential = credential
        self.timeout = timeout
        self.retries = retries
        self.limits = limits
    }
}
