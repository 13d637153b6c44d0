import Model

/// One neighbour as a host or device heard it over LLDP (IEEE 802.1AB), CDP or FDP: the local port and how the other end calls itself.
public struct NeighbourStatement: Hashable, Sendable {
    /// The local interface's name or index.
    public var localPort: String
    /// The local interface's index in a device; nil where it is not told.
    public var localIndex: Int64?
    /// The other end's chassis id.
    public var chassisID: String
    /// The other end's name.
    public var chassisName: String?
    /// How the other end calls its port, the most telling first.
    public var portNames: [String]
    /// Addresses under which the other end is managed.
    public var managementAddresses: [IPAddress]
    /// The protocol it was heard over.
    public var evidence: RelationEvidence

    /// Reads an item of the section `neighbours`; nil when it names no port or no chassis.
    public init?(_ item: SectionItem) {
        let parts = item.key.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        let keyed = parts.count >= 3 ? parts : ["", "", ""]
        let facts = item.attributes
        let local = facts["local_port"]?.display ?? keyed[0]
        let chassis = facts["chassis_id"]?.text ?? keyed[1]
        guard !local.isEmpty, !chassis.isEmpty else { return nil }
        localPort = local
        localIndex = facts["local_ifindex"]?.integer
        chassisID = chassis
        chassisName = (facts["chassis_name"] ?? facts["system_name"] ?? facts["name"])?.text.flatMap {
            $0.isEmpty ? nil : $0
        }
        portNames = [facts["port_id"]?.display ?? keyed[2], facts["port_description"]?.text ?? ""]
            .filter { !$0.isEmpty }
        let listed = facts["management_addresses"]?.list ?? (facts["management_address"]?.text).map { [$0] } ?? []
        managementAddresses = listed.compactMap { IPAddress($0) }
        switch facts["protocol"]?.text {
        case "cdp": evidence = .cdp
        case "fdp": evidence = .fdp
        default: evidence = .lldp
        }
    }

    /// Texts by which a CI that appears later may turn out to be the other end.
    public var clues: [String] {
        var clues = ["chassis:\(chassisID.lowercased())"]
        if let mac = MACAddress(chassisID) { clues.append("mac:\(mac)") }
        for name in portNames { if let mac = MACAddress(name) { clues.append("mac:\(mac)") } }
        if let chassisName { clues.append("name:\(chassisName)") }
        clues += managementAddresses.map { "address:\($0)" }
        return clues
    }
}
