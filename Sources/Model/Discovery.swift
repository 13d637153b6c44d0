/// How it became known that something is at an address.
public enum DiscoveryWay: String, Hashable, Sendable, Codable, CaseIterable {
    /// It answered SNMP.
    case snmp
    /// It answered an ICMP echo, or said that a port is closed.
    case icmp
    /// It accepted or refused a TCP connection.
    case tcp
    /// It answered on the link: it is in the kernel's table of neighbours.
    case arp
    /// A device that was read told of it: as a neighbour, or with its address in a table.
    case neighbour
}

/// Why something that was found does not answer SNMP to us.
public enum DiscoveryRefusal: String, Hashable, Sendable, Codable, CaseIterable {
    /// SNMPv3: it knows the user and refuses the passphrase, or protocol, of signature or encryption.
    case wrongSecret = "wrong-secret"
    /// SNMPv3: it knows no such user, or not at that security level or in that context.
    case unknownUser = "unknown-user"
    /// Nothing listens on the port.
    case closed
    /// It answers, but not what was asked.
    case other
}

/// Something that was found in a network.
public struct DiscoveryFinding: Hashable, Sendable, Codable {
    /// Its addresses as far as they are known; the first is where it was found.
    public var addresses: [String]
    /// How it became known.
    public var ways: [DiscoveryWay]
    /// TCP ports that accept connections, of those that were tried.
    public var ports: [Int] = []
    /// MAC addresses of its interfaces.
    public var macs: [String] = []
    /// sysName; of what was only told of what its neighbour calls it.
    public var name: String?
    /// sysDescr on one line, or what its neighbour says.
    public var about: String?
    /// sysObjectID.
    public var objectID: String?
    /// snmpEngineID in hexadecimal.
    public var engineID: String?
    /// lldpLocChassisId.
    public var chassisID: String?
    /// Serial number of the chassis.
    public var serial: String?
    /// Who made it.
    public var vendor: String?
    /// Its model.
    public var model: String?
    /// Its operating system, short.
    public var os: String?
    /// What it is for: a kind of device.
    public var kind: String?
    /// The credential that it takes, by name; nil where none is known.
    public var credential: String?
    /// Why it does not answer SNMP; nil where it does, or where nothing is known of that.
    public var refusal: DiscoveryRefusal?
    /// The refusal in words, without a secret.
    public var refusalText: String?
    /// Who told of it: a device and its port, with how (`core-1 xe-0/0/1 (lldp)`).
    public var toldBy: [String] = []
    /// The UDP port of SNMP where it was asked.
    public var snmpPort: Int = 161
    /// How many neighbours lie between it and where the agent began; 0 for what was swept.
    public var depth: Int = 0

    /// Something at these addresses.
    public init(addresses: [String], ways: [DiscoveryWay]) {
        self.addresses = addresses
        self.ways = ways
    }

    /// Addresses, ports, MAC addresses and tellers of one finding at most.
    public static let listed = 64
}

extension DiscoveryFinding: CustomStringConvertible {
    /// Name and address in a few words.
    public var description: String {
        let place = addresses.first ?? macs.first ?? "?"
        return name.map { "\($0) (\(place))" } ?? place
    }
}
