import Devices
import LinuxSystem
import Model
import SNMP
import Synchronization

/// One round of discovery: sweep the networks, read who answers, and go from neighbour to neighbour inside the fence.
struct DiscoveryRound: Sendable {
    let settings: DiscoverySettings
    /// Those of the networks that are swept now; nil for all of them.
    var due: [IPNetwork]?
    let credentials: [NamedCredential]
    let board: CredentialBoard
    let client: SNMPClient
    let profiles: DeviceProfiles
    /// Devices that are probed anyway: their neighbours are followed as well.
    let seeds: @Sendable () -> [DeviceSettings]

    /// Devices that are read at once.
    private static let readers = 4
    /// Addresses that devices told of and that are asked in one round.
    private static let hints = 20_000
    /// Questions of a sweep that wait for answers at once: the agent has other work for its descriptors.
    private static let inFlight = 256
    /// What is read of a device that was found.
    private static let parts: Set<DevicePart> = [.system, .interfaces, .addresses, .neighbours, .arp]

    /// What a round found, and how it went.
    struct Outcome: Sendable {
        var findings: [DiscoveryFinding]
        var receipt: Receipt
    }

    /// Runs to its end; what was found until then where the task is cancelled.
    func run() async -> Outcome {
        let started = ContinuousClock.now
        let own = InterfaceAddress.all(SystemRoot()).map(\.address).filter { !$0.isLoopback }
        var course = Course(
            fence: DiscoveryFence(settings, own: Set(own)), snmpPort: Int(settings.snmpPort))
        var devices: [SNMPTarget] = []
        let networks = IPNetwork.joined(due ?? settings.networks)
        if !networks.isEmpty { devices = await sweep(networks, depth: 0, &course) }
        let known = Set(devices.map(\.address))
        devices += seeds().compactMap { known.contains($0.target.address) ? nil : board.readable($0) }
        for depth in 0...settings.crawlDepth where !devices.isEmpty && !Task.isCancelled {
            let addresses = await read(devices, depth: depth + 1, &course)
            devices = []
            guard depth < settings.crawlDepth, !addresses.isEmpty else { break }
            let networks = addresses.compactMap { IPNetwork(of: $0, prefixLength: $0.octets.count * 8) }
            devices = await sweep(networks, depth: depth + 1, &course)
        }
        return course.outcome(milliseconds: (ContinuousClock.now - started).inMilliseconds)
    }

    // MARK: - Asking

    /// Sweeps some networks and gives the devices that answered, with the credential they take.
    private func sweep(_ networks: [IPNetwork], depth: Int, _ course: inout Course) async -> [SNMPTarget] {
        let heard = Mutex<[(IPAddress, Int, SNMPError?)]>([])
        let (board, credentials, port, fence) = (board, credentials, settings.snmpPort, course.fence)
        var options = NetworkSweep.Options(credentials: credentials.map(\.credential))
        options.port = port
        options.rate = settings.rate
        options.timeout = settings.timeout.inSeconds
        options.inFlight = Self.inFlight
        options.choose = { address in board.places(of: credentials, at: address, port: port) }
        options.heard = { address, index, error in
            let isTelling =
                error.map { error in
                    error.isAboutCredential
                        || error.isSilence && board.remembers(credentials[index], at: "\(address):\(port)")
                } ?? true
            guard isTelling else { return }
            heard.withLock { if $0.count < NetworkSweep.listed { $0.append((address, index, error)) } }
        }
        let sweep = AddressSweep(
            profiles: profiles, client: client, methods: settings.methods, snmp: options, ports: settings.ports,
            timeout: settings.timeout, isAllowed: { fence.allows($0) })
        let outcome = await sweep.run(networks)
        board.learn(
            // Where several answer, the first of the file is remembered.
            heard.withLock { $0 }.sorted { $0.1 < $1.1 }.compactMap { address, index, error in
                credentials.indices.contains(index) ? (credentials[index], "\(address):\(port)", error) : nil
            })
        course.take(outcome, credentials, depth: depth)
        return outcome.report.devices.compactMap { device in
            guard !fence.excludes(name: device.name, platform: [device.description, device.os, device.vendor]),
                let index = device.credentials.first, credentials.indices.contains(index)
            else { return nil }
            return SNMPTarget(
                address: device.address, port: port, credential: credentials[index].credential,
                timeout: settings.timeout.inSeconds, retries: 1)
        }
    }

    /// Reads devices, a few at once, and gives the addresses they told of that may be asked and were not.
    private func read(_ devices: [SNMPTarget], depth: Int, _ course: inout Course) async -> [IPAddress] {
        var rest = devices.makeIterator()
        var found: [IPAddress] = []
        let probe = DeviceProbe(profiles: profiles)
        await withTaskGroup(of: (SNMPTarget, DeviceReport).self) { group in
            func add() {
                guard !Task.isCancelled, let target = rest.next() else { return }
                group.addTask {
                    (target, await probe.run(client: client, target: target, parts: Self.parts))
                }
            }
            for _ in 0..<Self.readers { add() }
            while let (target, report) = await group.next() {
                add()
                found += course.take(report, at: target.address, depth: depth, limit: Self.hints)
            }
        }
        return found
    }

    /// What a round has in its hands.
    private struct Course {
        let fence: DiscoveryFence
        var catalogue: DiscoveryCatalogue
        var asked: Set<IPAddress> = []
        var addresses = 0
        var packets = 0
        var wrongSecrets = 0
        var outside = 0
        var problems: Set<String> = []
        var isCut = false

        init(fence: DiscoveryFence, snmpPort: Int) {
            self.fence = fence
            catalogue = DiscoveryCatalogue(snmpPort: snmpPort)
        }

        mutating func take(_ outcome: AddressSweep.Outcome, _ credentials: [NamedCredential], depth: Int) {
            catalogue.take(outcome, credentials, depth: depth, fence)
            addresses += outcome.report.receipt.addresses
            packets += outcome.packets
            wrongSecrets += outcome.report.withoutAnswer.count { $0.kind == .wrongSecret || $0.kind == .unknownUser }
            problems.formUnion(outcome.problems)
            problems.formUnion(outcome.report.receipt.failures.keys)
            if outcome.report.receipt.isCut { isCut = true }
        }

        /// The addresses that a reading told of and that are now to be asked.
        mutating func take(_ report: DeviceReport, at address: IPAddress, depth: Int, limit: Int) -> [IPAddress] {
            catalogue.take(report, at: address)
            var next: [IPAddress] = []
            for hint in report.hints(at: address) {
                guard fence.allows(hint.address) else {
                    if !fence.isInside(hint.address) { outside += 1 }
                    continue
                }
                if fence.excludes(name: hint.name, platform: [hint.platform]) {
                    catalogue.leaveAlone(hint.address)
                    continue
                }
                catalogue.told(hint, depth: depth)
                guard !fence.isSwept(hint.address), !asked.contains(hint.address) else { continue }
                guard asked.count < limit else {
                    isCut = true
                    continue
                }
                asked.insert(hint.address)
                next.append(hint.address)
            }
            return next
        }

        func outcome(milliseconds: Int64) -> Outcome {
            var notes = ["\(addresses) addresses asked, \(packets) packets"]
            if wrongSecrets > 0 { notes.append("\(wrongSecrets) refused every secret") }
            if catalogue.excluded > 0 { notes.append("\(catalogue.excluded) excluded by name or platform") }
            if outside > 0 { notes.append("\(outside) told of outside the allowed networks and not asked") }
            let isCut = isCut || catalogue.isCut
            if isCut { notes.append("more was found than is kept") }
            notes += problems.sorted()
            return Outcome(
                findings: catalogue.all,
                receipt: Receipt(
                    source: "discovery/networks", outcome: isCut || !problems.isEmpty ? .truncated : .success,
                    found: catalogue.count, milliseconds: milliseconds, message: notes.joined(separator: "; ")))
        }
    }
}

extension DeviceReport {
    /// What the device tells of others: management addresses of neighbours (LLDP, CDP, FDP), and who is on its links (ARP, neighbour
    /// discovery).
    fileprivate func hints(at address: IPAddress) -> [DiscoveryHint] {
        let who = name ?? address.description
        let own = Set(addresses.map(\.address) + [address])
        let told = neighbours.flatMap { neighbour in
            neighbour.addresses.map { place in
                DiscoveryHint(
                    address: place, name: neighbour.chassisName,
                    platform: neighbour.platform ?? neighbour.chassisDescription, mac: nil,
                    teller: "\(who) \(neighbour.localPort) (\(neighbour.proto))")
            }
        }
        let heard = arp.map { entry in
            DiscoveryHint(address: entry.address, name: nil, platform: nil, mac: entry.mac, teller: "\(who) (arp)")
        }
        return (told + heard).filter { !own.contains($0.address) && !$0.address.isLoopback && !$0.address.isLinkLocal }
    }
}
