import FoundationEssentials
import Outbound

/// net-snmp's own walker and Prometheus' exporter over the same devices.
struct SNMPPeers {
    let programs: Programs
    let scratch: String

    /// Devices that are walked with a process for each.
    private static let walked = 20

    func measure(_ devices: SimulatedDevices) async throws {
        try bulkWalk(devices)
        try await exporter(devices)
    }

    private func bulkWalk(_ devices: SimulatedDevices) throws {
        let figure = "snmp_walk_one_by_one"
        let (command, rate) = ("snmpbulkwalk", figure + "_devices_per_second")
        guard let program = programs.peer(command, called: command, package: "snmp", figure: rate) else { return }
        let output = scratch + "/walk"
        let name = "snmpbulkwalk " + Peer.version(of: "snmp")
        let began = ContinuousClock.now
        var cpu = 0.0
        let addresses = devices.addresses.prefix(SNMPPeers.walked)
        for address in addresses {
            for table in ["1.3.6.1.2.1.2.2", "1.3.6.1.2.1.31.1.1"] {
                let run = try RunningProgram(
                    program, ["-v2c", "-c", "public", "-Cr25", "-On", "\(address):\(devices.port)", table],
                    output: output)
                let cost = try run.wait(atMost: 60)
                guard cost.status == 0 else { throw BenchError("snmpbulkwalk of \(address) ended with \(cost.status)") }
                cpu += cost.cpuSeconds
            }
        }
        let lines = (readFile(output) ?? "").utf8.count { $0 == 10 } / addresses.count
        let note = "\(lines) lines each, two processes a device, \(addresses.count) devices"
        Figure(
            figure + "_devices_per_second", Double(addresses.count) / began.secondsSince, "1/s", program: name,
            note: note
        )
        .print()
        Figure(figure + "_cpu_per_device", cpu / Double(addresses.count) * 1000, "ms", program: name, note: note)
            .print()
    }

    private func exporter(_ devices: SimulatedDevices) async throws {
        let package = "prometheus-snmp-exporter"
        let rate = "snmp_walk_devices_per_second"
        guard let program = programs.peer(package, called: "snmp_exporter", package: package, figure: rate) else {
            return
        }
        let configuration = scratch + "/snmp.yml"
        try write(SNMPPeers.configuration, to: configuration)
        let port = try Loopback.freePort()
        let running = try RunningProgram(
            program,
            ["--config.file=\(configuration)", "--web.listen-address=127.0.0.1:\(port)", "--log.level=error"])
        defer { running.stop() }
        let client = OutboundClient()
        defer { client.close() }
        try await Peer.waitUntilReady("http://127.0.0.1:\(port)/", client, running)
        let tree = ProcessTree(root: running.pid)
        let (began, cpu) = (ContinuousClock.now, tree.cpuSeconds())
        let urls = devices.addresses.map {
            "http://127.0.0.1:\(port)/snmp?module=if_mib&target=\($0):\(devices.port)"
        }
        let samples = try await withThrowingTaskGroup(of: Int.self) { group in
            var counts: [Int] = []
            for (number, url) in urls.enumerated() {
                if number >= 64, let count = try await group.next() { counts.append(count) }
                group.addTask {
                    var request = OutboundRequest(.get, url: url)
                    (request.limits.responseBytes, request.limits.total) = (16 << 20, .seconds(120))
                    let answer = try await client.send(request)
                    guard answer.status == 200 else { throw BenchError("the exporter answered \(answer.status)") }
                    return answer.body.split(separator: 10).count { $0.first != UInt8(ascii: "#") }
                }
            }
            for try await count in group { counts.append(count) }
            return counts
        }
        let name = "snmp_exporter " + Peer.version(of: package)
        let note = "\(samples.first ?? 0) samples each, 64 at a time, one round"
        let count = Double(urls.count)
        Figure("snmp_walk_devices_per_second", count / began.secondsSince, "1/s", program: name, note: note).print()
        Figure("snmp_walk_cpu_per_device", (tree.cpuSeconds() - cpu) / count * 1000, "ms", program: name, note: note)
            .print()
        Figure("snmp_walk_resident", tree.peakMiB, "MiB", program: name, note: "peak").print()
    }

    /// A module for both tables, as Debian ships none: every number of them, with names as labels.
    private static let configuration: String = {
        var text = """
            if_mib:
              walk: [1.3.6.1.2.1.2.2, 1.3.6.1.2.1.31.1.1]
              version: 2
              max_repetitions: 25
              auth: {community: public}
              metrics:

            """
        let tables = [("1.3.6.1.2.1.2.2.1", Array(3...21)), ("1.3.6.1.2.1.31.1.1.1", Array(2...17) + [19])]
        for (number, (base, columns)) in tables.enumerated() {
            for column in columns where !(number == 0 && column == 6) {
                text += """
                      - name: table\(number)_\(column)
                        oid: \(base).\(column)
                        type: gauge
                        help: column
                        indexes: [{labelname: ifIndex, type: gauge}]
                        lookups:
                        - {labels: [ifIndex], labelname: ifName, oid: 1.3.6.1.2.1.31.1.1.1.1, type: DisplayString}
                        - {labels: [ifIndex], labelname: ifAlias, oid: 1.3.6.1.2.1.31.1.1.1.18, type: DisplayString}

                    """
            }
        }
        return text
    }()
}
