import FoundationEssentials

/// The real agent with many devices, each looked at once a minute.
struct AgentPolling {
    let devices: SimulatedDevices
    let seconds: Int

    func measure(in directory: String, _ programs: Programs) async throws {
        let collector = try BenchCollector(in: directory, programs)
        let running = try await collector.start().program
        defer { running.stop() }
        let settings = devices.addresses.enumerated().map { number, address in
            """
            [[device]]
            name = "switch-\(number)"
            address = "\(address)"
            port = \(devices.port)
            interval = "1h"
            poll_interval = "60s"

            """
        }
        let agent = try await BenchAgent(in: directory, programs, token: try await collector.joinTokens(1)[0])
        try agent.configure("[metrics]\nenabled = false\n\n[inventory]\nenabled = false\n\n" + settings.joined())
        let program = try agent.start()
        defer { program.stop() }
        // The first full probe of every device is not what is measured.
        try await Task.sleep(for: .seconds(min(30, seconds)))
        let tree = ProcessTree(root: program.pid)
        let (began, cpu) = (ContinuousClock.now, tree.cpuSeconds())
        try await Task.sleep(for: .seconds(seconds))
        guard program.isRunning else { throw BenchError("the agent ended: \(agent.lastWords)") }
        let share = (tree.cpuSeconds() - cpu) / began.secondsSince * 100
        let note = "\(devices.addresses.count) devices each 60 s, \(seconds) s watched"
        Figure("snmp_poll_cpu_share", share, "% of a core", note: note).print()
        Figure("snmp_poll_resident", tree.memory().resident, "MiB", note: note).print()
    }
}
