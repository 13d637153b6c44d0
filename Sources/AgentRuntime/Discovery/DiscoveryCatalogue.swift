import Devices
import Model
import SNMP

/// What a round found so far, each thing once: a value, so that every order of answers can be tested.
struct DiscoveryCatalogue {
    private let snmpPort: Int
    private var findings: [DiscoveryFinding] = []
    private var byAddress: [String: Int] = [:]
    private var byEngine: [String: Int] = [:]

    /// Findings that one round keeps.
    static let capacity = 100_000

    /// Whether more was found than is kept.
    private(set) var isCut = false
    /// Addresses of what is left alone by name or platform.
    private var leftAlone: Set<String> = []

    /// How many there are of them.
    var excluded: Int { leftAlone.count }

    /// An empty catalogue of a round that asks SNMP at that port.
    init(snmpPort: Int = 161) { self.snmpPort = snmpPort }

    /// Everything that was found, in order of address.
    var all: [DiscoveryFinding] {
        findings.filter { !$0.ways.isEmpty }.sorted { left, right in
            let (first, second) = (
                left.addresses.first.flatMap { IPAddress($0) }, right.addresses.first.flatMap { IPAddress($0) }
            )
            return (first?.octets ?? []).lexicographicallyPrecedes(second?.octets ?? [])
        }
    }

    /// How many there are.
    var count: Int { findings.count { !$0.ways.isEmpty } }

    /// Takes a sweep's answers; `credentials` are those it asked with. What the fence excludes is counted and left out.
    mutating func take(
        _ outcome: AddressSweep.Outcome, _ credentials: [NamedCredential], depth: Int, _ fence: DiscoveryFence
    ) {
        for device in outcome.report.devices {
            if fence.excludes(name: device.name, platform: [device.description, device.os, device.vendor]) {
                leaveAlone(device.address)
                continue
            }
            put(device.address, depth) { finding in
                finding.add(.snmp)
                finding.name = device.name
                finding.about = device.description
                finding.objectID = device.objectID?.description
                (finding.vendor, finding.os, finding.kind) = (device.vendor, device.os, device.kind)
                let index = device.credentials.first
                finding.credential = index.flatMap { credentials.indices.contains($0) ? credentials[$0].name : nil }
                (finding.refusal, finding.refusalText) = (nil, nil)
            }
        }
        for refusal in outcome.report.withoutAnswer {
            put(refusal.address, depth) { finding in
                finding.add(refusal.kind == .closed ? .icmp : .snmp)
                (finding.refusal, finding.refusalText) = (refusal.kind, refusal.reason)
            }
        }
        for somebody in outcome.report.present {
            put(somebody.address, depth) { finding in
                for way in somebody.ways { finding.add(way) }
                finding.ports = Array(somebody.ports.map(Int.init).prefix(DiscoveryFinding.listed))
            }
        }
        for (address, mac) in outcome.macs {
            guard let index = byAddress[address.description] else { continue }
            findings[index].add(mac: mac)
            findings[index].add(.arp)
        }
    }

    /// Takes what a device that answered SNMP said of itself; folds it into one that was found under another of its addresses.
    mutating func take(_ report: DeviceReport, at address: IPAddress) {
        guard let index = byAddress[address.description] else { return }
        var finding = findings[index]
        finding.name = report.name ?? finding.name
        finding.engineID = report.engineID
        finding.chassisID = report.lldpChassisID
        finding.serial = report.serial
        finding.model = report.model
        finding.vendor = report.vendor ?? finding.vendor
        finding.os = report.os ?? finding.os
        finding.kind = report.kind ?? finding.kind
        for own in report.addresses where !own.address.isLoopback && !own.address.isUnspecified {
            finding.add(address: own.address.description)
        }
        for mac in report.interfaces.compactMap(\.mac) where !mac.isFiller && !mac.isMulticast { finding.add(mac: mac) }
        findings[index] = finding
        fold(index)
    }

    /// A device that was read told of something at an address; `finding` says what it told.
    mutating func told(_ hint: DiscoveryHint, depth: Int) {
        put(hint.address, depth) { finding in
            finding.add(.neighbour)
            finding.name = finding.name ?? hint.name
            finding.about = finding.about ?? hint.platform
            if let mac = hint.mac { finding.add(mac: mac) }
            finding.add(teller: hint.teller)
        }
    }

    /// Takes something out that is left alone, and keeps it out.
    mutating func leaveAlone(_ address: IPAddress) {
        leftAlone.insert(address.description)
        if let index = byAddress[address.description] { findings[index].ways = [] }
    }

    private mutating func put(_ address: IPAddress, _ depth: Int, _ change: (inout DiscoveryFinding) -> Void) {
        let key = address.description
        guard !leftAlone.contains(key) else { return }
        if let index = byAddress[key] { return change(&findings[index]) }
        guard findings.count < Self.capacity else { return isCut = true }
        var finding = DiscoveryFinding(addresses: [key], ways: [])
        finding.depth = depth
        finding.snmpPort = snmpPort
        change(&finding)
        byAddress[key] = findings.count
        findings.append(finding)
    }

    /// Two findings are one device when they have the same engine id and name; cloned images share the former alone (RFC 3411 §5).
    private mutating func fold(_ index: Int) {
        guard let engine = findings[index].engineID else { return }
        let key = engine + " " + (findings[index].name ?? "")
        guard let first = byEngine[key], first != index else { return byEngine[key] = index }
        let other = findings[index]
        for address in other.addresses {
            findings[first].add(address: address)
            byAddress[address] = first
        }
        for way in other.ways { findings[first].add(way) }
        for mac in other.macs.compactMap({ MACAddress($0) }) { findings[first].add(mac: mac) }
        for teller in other.toldBy { findings[first].add(teller: teller) }
        findings[first].depth = min(findings[first].depth, other.depth)
        // Indexes of others stay as they are; what has no way is left out.
        findings[index].ways = []
    }
}

/// What a device that was read tells of another.
struct DiscoveryHint: Hashable, Sendable {
    /// Where the other is.
    var address: IPAddress
    /// What its neighbour calls it.
    var name: String?
    /// What its neighbour says it is.
    var platform: String?
    /// The MAC address behind it.
    var mac: MACAddress?
    /// Who told, where, and how.
    var teller: String
}

extension DiscoveryFinding {
    fileprivate mutating func add(_ way: DiscoveryWay) {
        guard !ways.contains(way) else { return }
        ways.append(way)
        let order = DiscoveryWay.allCases
        ways.sort { (order.firstIndex(of: $0) ?? 0) < (order.firstIndex(of: $1) ?? 0) }
    }

    fileprivate mutating func add(address: String) {
        if !addresses.contains(address), addresses.count < Self.listed { addresses.append(address) }
    }

    fileprivate mutating func add(mac: MACAddress) {
        if !macs.contains(mac.description), macs.count < Self.listed { macs.append(mac.description) }
    }

    fileprivate mutating func add(teller: String) {
        if !toldBy.contains(teller), toldBy.count < Self.listed { toldBy.append(teller) }
    }
}
