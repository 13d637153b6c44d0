import Model
import Stores

/// What tells one thing that was found in a network from all others.
public enum DiscoveryIdentity {
    /// Names that makers give every device they sell: they tell nothing.
    private static let emptyNames: Set<String> = [
        "", "localhost", "localhost.localdomain", "unknown", "default", "switch", "router", "printer", "device", "none",
        "hostname", "sysname", "noname", "system", "ap",
    ]

    /// Keys of a finding, the strongest first: SNMP engine id, MAC address, LLDP chassis id, sysName with sysObjectID, and the address as
    /// the agent or site `scope` sees it, because one network's address may be another's.
    public static func keys(of finding: DiscoveryFinding, scope: String) -> [IdentityKey] {
        var keys: [IdentityKey] = []
        // Cloned images share an engine id (RFC 3411 §5): only together with the name it is one device's.
        if let engine = finding.engineID { keys.append(IdentityKey("engine", "\(engine)|\(finding.name ?? "")")) }
        keys += finding.macs.compactMap(mac).map { IdentityKey("mac", $0) }
        if let chassis = finding.chassisID.flatMap(IdentityKeys.chassis) {
            keys.append(IdentityKey("chassis", chassis))
        }
        if let name = name(of: finding), let id = finding.objectID {
            keys.append(IdentityKey("system", "\(name)|\(id)"))
        }
        keys += finding.addresses.map { IdentityKey("address", "\($0)@\(scope)") }
        return keys
    }

    /// Whether two findings cannot be one thing, whatever key they share.
    public static func contradict(_ one: DiscoveryFinding, _ other: DiscoveryFinding) -> Bool {
        func differ(_ left: String?, _ right: String?) -> Bool { left != nil && right != nil && left != right }
        if differ(one.serial, other.serial) { return true }
        let (left, right) = (Set(one.macs.compactMap(mac)), Set(other.macs.compactMap(mac)))
        if !left.isEmpty, !right.isEmpty { return left.isDisjoint(with: right) }
        // An engine id may be made anew at each start; a MAC address that agrees is stronger.
        return differ(one.engineID, other.engineID) && differ(one.name, other.name)
    }

    /// The name, where it can be one device's own; without case.
    public static func name(of finding: DiscoveryFinding) -> String? {
        guard let name = finding.name?.lowercased(), name.utf8.count >= 3, !emptyNames.contains(name) else {
            return nil
        }
        return name
    }

    /// A MAC address that is one device's own.
    public static func mac(_ text: String) -> String? { IdentityKeys.mac(text) }

    /// Two findings of one thing as one: what `newer` says counts, what it does not say stays. Lists are joined.
    public static func merge(_ older: DiscoveryFinding, with newer: DiscoveryFinding) -> DiscoveryFinding {
        var merged = newer
        func joined<Value: Hashable>(_ new: [Value], _ old: [Value]) -> [Value] {
            var seen = Set<Value>()
            return Array((new + old).filter { seen.insert($0).inserted }.prefix(DiscoveryFinding.listed))
        }
        merged.addresses = joined(newer.addresses, older.addresses)
        merged.macs = joined(newer.macs, older.macs)
        merged.toldBy = joined(newer.toldBy, older.toldBy)
        // A credential that was refused is not tried for a while: that nothing is said of it does not take it back.
        if newer.credential == nil, newer.refusal == nil {
            (merged.refusal, merged.refusalText) = (older.refusal, older.refusalText)
        }
        merged.name = newer.name ?? older.name
        merged.about = newer.about ?? older.about
        merged.objectID = newer.objectID ?? older.objectID
        merged.engineID = newer.engineID ?? older.engineID
        merged.chassisID = newer.chassisID ?? older.chassisID
        merged.serial = newer.serial ?? older.serial
        merged.vendor = newer.vendor ?? older.vendor
        merged.model = newer.model ?? older.model
        merged.os = newer.os ?? older.os
        merged.kind = newer.kind ?? older.kind
        return merged
    }
}
