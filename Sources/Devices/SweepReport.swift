import FoundationEssentials
import Model

/// Who answered in some networks, and how the sweep went.
public struct SweepReport: Sendable {
    /// One address that answered.
    public struct Device: Hashable, Sendable {
        /// The address.
        public var address: IPAddress
        /// Which of the credentials it takes, by their place in the order given, from 0.
        public var credentials: [Int]
        /// sysName (SNMPv2-MIB).
        public var name: String?
        /// sysDescr.
        public var description: String?
        /// sysObjectID.
        public var objectID: OID?
        /// From its family's profile, else by the enterprise number in sysObjectID.
        public var vendor: String?
        /// From the profile; nil where only a probe can tell.
        public var os: String?
        /// From the profile.
        public var kind: String?
        /// sysUpTime.
        public var uptimeSeconds: Int64?
        /// How long its first answer took.
        public var seconds: Double
    }

    /// An address where somebody is, but not for us.
    public struct Refusal: Hashable, Sendable {
        /// The address.
        public var address: IPAddress
        /// Why: the port is closed, the user unknown, the secret wrong.
        public var reason: String
        /// The same as one of a few words.
        public var kind: DiscoveryRefusal
    }

    /// An address where somebody is who did not answer SNMP.
    public struct Present: Hashable, Sendable {
        /// The address.
        public var address: IPAddress
        /// How that became known.
        public var ways: [DiscoveryWay]
        /// TCP ports that accept connections, of those that were tried.
        public var ports: [UInt16]
        /// The MAC address behind it.
        public var mac: MACAddress?

        /// Somebody at an address.
        public init(address: IPAddress, ways: [DiscoveryWay], ports: [UInt16] = [], mac: MACAddress? = nil) {
            self.address = address
            self.ways = ways
            self.ports = ports
            self.mac = mac
        }
    }

    /// Who answered, in order of address.
    public var devices: [Device] = []
    /// Where somebody refused, in order of address.
    public var withoutAnswer: [Refusal] = []
    /// Who is there otherwise, in order of address.
    public var present: [Present] = []
    /// How it went.
    public var receipt: SweepReceipt

    /// A report with nothing in it yet.
    public init(receipt: SweepReceipt = SweepReceipt()) { self.receipt = receipt }
}

/// How a sweep went.
public struct SweepReceipt: Hashable, Sendable {
    /// Addresses that were to be asked.
    public var addresses = 0
    /// Questions that were sent by all methods, those to silent addresses a second time among them.
    public var questions = 0
    /// Questions to addresses that were silent before.
    public var retries = 0
    /// Addresses that answered.
    public var answered = 0
    /// Questions the system had no way for.
    public var unreachable = 0
    /// Packets that were no answer to what was asked.
    public var refusedAnswers = 0
    /// What failed on our own side, and how often.
    public var failures: [String: Int] = [:]
    /// Whether more answered or refused than are kept.
    public var isCut = false
    /// From the first question to the last answer.
    public var seconds = 0.0

    /// All zero.
    public init() {}
}

extension SweepReport: Encodable {
    private enum Key: String, CodingKey {
        case devices, refused, present, receipt
    }

    /// Writes `devices`, `refused`, `present` and `receipt`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(devices, forKey: .devices)
        try container.encode(withoutAnswer, forKey: .refused)
        try container.encode(present, forKey: .present)
        try container.encode(receipt, forKey: .receipt)
    }

    /// The report as `discover --format json` prints it: stable keys, units in the key.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension SweepReport.Device: Encodable {
    private enum Key: String, CodingKey {
        case address, name, description, vendor, os, kind, credential
        case objectID = "object_id"
        case uptimeSeconds = "uptime_seconds"
        case seconds = "answer_seconds"
    }

    /// Writes the facts; `credential` is the place of the first that works, from 1: secrets are never printed.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(address.description, forKey: .address)
        try container.encode(name, forKey: .name)
        try container.encode(description, forKey: .description)
        try container.encode(objectID, forKey: .objectID)
        try container.encode(vendor, forKey: .vendor)
        try container.encode(os, forKey: .os)
        try container.encode(kind, forKey: .kind)
        try container.encode(credentials.first.map { $0 + 1 }, forKey: .credential)
        try container.encode(uptimeSeconds, forKey: .uptimeSeconds)
        try container.encode(seconds, forKey: .seconds)
    }
}

extension SweepReport.Refusal: Encodable {
    private enum Key: String, CodingKey { case address, reason, kind }

    /// Writes address, reason and kind.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(address.description, forKey: .address)
        try container.encode(reason, forKey: .reason)
        try container.encode(kind, forKey: .kind)
    }
}

extension SweepReport.Present: Encodable {
    private enum Key: String, CodingKey { case address, ways, ports, mac }

    /// Writes address, ways, open ports and MAC address.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(address.description, forKey: .address)
        try container.encode(ways, forKey: .ways)
        try container.encode(ports, forKey: .ports)
        try container.encode(mac?.description, forKey: .mac)
    }
}

extension SweepReceipt: Encodable {
    private enum Key: String, CodingKey {
        case addresses, questions, retries, answered, unreachable, failures, seconds
        case refusedAnswers = "refused_answers"
        case isCut = "cut"
    }

    /// Writes all figures.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(addresses, forKey: .addresses)
        try container.encode(questions, forKey: .questions)
        try container.encode(retries, forKey: .retries)
        try container.encode(answered, forKey: .answered)
        try container.encode(unreachable, forKey: .unreachable)
        try container.encode(refusedAnswers, forKey: .refusedAnswers)
        try container.encode(failures, forKey: .failures)
        try container.encode(isCut, forKey: .isCut)
        try container.encode(seconds, forKey: .seconds)
    }
}
