import CMDB
import Model
import Stores

/// Which host or device has an address or a MAC address, among all that are known.
public protocol MachineBook: Sendable {
    /// The one machine with an interface that has one of `macs`; else the one with one of `addresses`, unless its own MAC addresses
    /// are known and others. Nil for none or several.
    func machine(addresses: [IPAddress], macs: Set<MACAddress>) async -> CIID?
    /// Whether a machine has MAC addresses, and none of `macs`.
    func denies(_ ci: CIID, _ macs: Set<MACAddress>) async -> Bool
}

extension GraphRelationService: MachineBook {
    /// See ``MachineBook``.
    public func machine(addresses: [IPAddress], macs: Set<MACAddress>) -> CIID? {
        let byMAC = Set(macs.compactMap { book.owner(of: $0) })
        if let only = byMAC.first { return byMAC.count == 1 ? only : nil }
        let byAddress = Set(addresses.compactMap { book.owner(of: $0) })
        guard let only = byAddress.first, byAddress.count == 1, !denies(only, macs) else { return nil }
        return only
    }

    /// See ``MachineBook``.
    public func denies(_ ci: CIID, _ macs: Set<MACAddress>) -> Bool {
        let own = Set(book.interfaces(of: ci).compactMap(\.mac))
        return !own.isEmpty && !macs.isEmpty && own.isDisjoint(with: macs)
    }
}

/// Finds the CI that something found in a network is.
struct DiscoveryMatcher: Sendable {
    let store: any CMDBReading
    let book: (any MachineBook)?

    /// The active CI with the finding's serial number, chassis id, MAC address, or address as the agent sees it; else the one whose
    /// interfaces have them; else the only host or device of its name. Nil for none.
    func ci(of finding: DiscoveryFinding, agent: String) async throws -> CIID? {
        for key in Self.keys(of: finding, agent: agent) {
            if let ci = try await store.ci(withKey: key.kind, value: key.value), let found = try await machine(ci) {
                return found
            }
        }
        let macs = Set(finding.macs.compactMap(DiscoveryIdentity.mac).compactMap { MACAddress($0) })
        let addresses = finding.addresses.compactMap { IPAddress($0) }
        if let book, let ci = await book.machine(addresses: addresses, macs: macs), let found = try await machine(ci) {
            return found
        }
        return try await named(finding, macs)
    }

    private static func keys(of finding: DiscoveryFinding, agent: String) -> [IdentityKey] {
        var facts: [String: AttributeValue] = [:]
        facts["serial"] = finding.serial.map { .text($0) }
        facts["vendor"] = finding.vendor.map { .text($0) }
        facts["lldp_chassis_id"] = finding.chassisID.map { .text($0) }
        let addresses: [String?] = finding.addresses.isEmpty ? [nil] : finding.addresses.map { $0 }
        var keys: [IdentityKey] = []
        for address in addresses {
            let system = SectionStatement(
                agent: agent, subject: .device(target: "", address: address), section: .system,
                items: [SectionItem(key: "", attributes: facts)], isComplete: true, digest: "",
                claimedTime: Timestamp(milliseconds: 0))
            for key in IdentityKeys.stated(by: system) where !keys.contains(key) { keys.append(key) }
        }
        return keys + finding.macs.compactMap(DiscoveryIdentity.mac).map { IdentityKey("mac", $0) }
    }

    /// By name alone only where nothing speaks against it: names are given twice.
    private func named(_ finding: DiscoveryFinding, _ macs: Set<MACAddress>) async throws -> CIID? {
        guard let name = DiscoveryIdentity.name(of: finding) else { return nil }
        let found = try await store.find(CIQuery(text: name, limit: 50)).filter {
            $0.state == .active && ($0.className == .host || $0.className == .device) && $0.name.lowercased() == name
        }
        guard let only = found.first, found.count == 1, await book?.denies(only.id, macs) != true else { return nil }
        let facts = try await store.attributes(of: only.id, asOf: nil)
        func fact(_ name: String) -> String? { facts.first { $0.name == "system." + name }?.value.text }
        for (known, told) in [(fact("object_id"), finding.objectID), (fact("serial"), finding.serial)] {
            if let known, let told, known != told { return nil }
        }
        return only.id
    }

    /// The host or device, where it is one that is there.
    private func machine(_ ci: CIID) async throws -> CIID? {
        guard let record = try await store.ci(ci, asOf: nil), record.state == .active else { return nil }
        return record.id
    }
}
