import Checks
import Devices
import LinuxSystem
import Model
import SNMP

/// One sweep of some networks by several methods: first SNMP, then who did not answer it by ICMP, TCP and on the link.
struct AddressSweep: Sendable {
    let profiles: DeviceProfiles
    let client: SNMPClient
    let methods: Set<DiscoveryMethod>
    /// How SNMP asks; its rate is that of all methods.
    let snmp: NetworkSweep.Options
    let ports: [UInt16]
    let timeout: Duration
    /// Which addresses may be asked.
    let isAllowed: @Sendable (IPAddress) -> Bool

    /// What a sweep found.
    struct Outcome: Sendable {
        var report: SweepReport
        /// MAC addresses of this host's links.
        var macs: [IPAddress: MACAddress] = [:]
        /// Packets that were sent.
        var packets = 0
        /// What could not be done, in words.
        var problems: Set<String> = []
    }

    /// Asks every address that is allowed. `told` hears how many are done, counted for each pass.
    func run(
        _ networks: [IPNetwork], told: @escaping @Sendable (_ done: Int) -> Void = { _ in }
    ) async -> Outcome {
        let started = ContinuousClock.now
        var outcome = Outcome(report: SweepReport())
        if methods.contains(.snmp) {
            var options = snmp
            let (isAllowed, choose) = (isAllowed, options.choose)
            let all = Array(options.credentials.indices)
            options.choose = { address in isAllowed(address) ? choose?(address) ?? all : [] }
            outcome.report = await NetworkSweep(profiles: profiles).run(networks, options, client: client, told: told)
            outcome.packets = outcome.report.receipt.questions
        } else {
            outcome.report.receipt.addresses = networks.reduce(0) { $0 + ($1.hostCount ?? 0) }
        }
        if !Task.isCancelled { await lookForOthers(networks, &outcome) }
        outcome.report.receipt.questions = outcome.packets
        outcome.report.receipt.seconds = (ContinuousClock.now - started) / .seconds(1)
        return outcome
    }

    private func lookForOthers(_ networks: [IPNetwork], _ outcome: inout Outcome) async {
        let answered = Set(outcome.report.devices.map(\.address))
        var options = PresenceOptions()
        options.echoes = methods.contains(.icmp)
        options.ports = methods.contains(.tcp) ? ports : []
        options.links = methods.contains(.arp)
        options.rate = snmp.rate
        options.timeout = timeout
        let isAllowed = isAllowed
        let walk = AddressWalk(networks) { isAllowed($0) && !answered.contains($0) }
        let (found, receipt) = await PresenceSweep.run(options, next: walk.next)
        outcome.packets += receipt.packets
        outcome.problems = receipt.problems
        if receipt.isCut { outcome.report.receipt.isCut = true }
        let ordered = found.filter { isAllowed($0.key) && $0.value.isThere }
            .sorted { $0.key.octets.lexicographicallyPrecedes($1.key.octets) }
        outcome.report.present = ordered.map { address, presence in
            var ways: [DiscoveryWay] = []
            if presence.echoes { ways.append(.icmp) }
            if presence.refuses || !presence.open.isEmpty { ways.append(.tcp) }
            if presence.mac != nil { ways.append(.arp) }
            return SweepReport.Present(
                address: address, ways: ways, ports: presence.open.sorted(), mac: presence.mac)
        }
        if methods.contains(.arp) { outcome.macs = AddressSweep.links(isAllowed) }
    }

    /// Who answered on this host's links until now.
    private static func links(_ isAllowed: (IPAddress) -> Bool) -> [IPAddress: MACAddress] {
        let entries = ((try? NeighbourEntry.ipv4()) ?? []) + ((try? NeighbourEntry.ipv6()) ?? [])
        return Dictionary(
            entries.filter { isAllowed($0.address) }.map { ($0.address, $0.mac) },
            uniquingKeysWith: { first, _ in first })
    }
}
