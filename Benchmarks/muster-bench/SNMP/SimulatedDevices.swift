import FoundationEssentials
import Glibc
import Model
import SNMP

/// What answers: the simulator's program, or net-snmp's own agent where there is none.
struct SimulatorPlace {
    private let simulator: String?
    private let directory: String

    /// Whether many devices and faults can be had.
    var isSimulator: Bool { simulator != nil }

    /// `simulator` is a program, or C source that is compiled into `directory`.
    init(_ simulator: String?, in directory: String) throws {
        self.directory = directory
        try FileManager.default.createDirectory(atPath: directory + "/devices", withIntermediateDirectories: true)
        try write(SyntheticSwitch.recording(), to: directory + "/devices/switch.snmprec")
        guard let simulator, simulator.hasSuffix(".c") else {
            self.simulator = simulator
            return
        }
        guard let compiler = Programs.installed("cc") else { throw BenchError("\(simulator): no C compiler here") }
        let program = directory + "/simulator"
        let log = directory + "/cc.log"
        let made = try RunningProgram(
            compiler, ["-O2", "-pthread", "-o", program, simulator, "-lm"], output: log, errors: log)
        guard try made.wait(atMost: 120).status == 0 else {
            throw BenchError("\(simulator) does not compile: \((readFile(log) ?? "").prefix(200))")
        }
        self.simulator = program
    }

    /// Starts `devices` of them and waits until they answer.
    func start(devices: Int, faults: [String] = []) async throws -> SimulatedDevices {
        let port = UInt16(truncatingIfNeeded: try Loopback.freePort())
        guard let simulator else { return try await snmpd(port) }
        let manifest = directory + "/manifest"
        try? FileManager.default.removeItem(atPath: manifest)
        let running = try RunningProgram(
            simulator,
            ["--fleet", "127.50.0.1:\(port)", "--count", "\(devices)", "--manifest", manifest] + faults
                + [directory + "/devices"], errors: directory + "/simulator.log")
        let began = ContinuousClock.now
        while access(manifest, R_OK) != 0 {
            guard running.isRunning, began.secondsSince < 20 else {
                throw BenchError(
                    "the simulator does not start: \((readFile(directory + "/simulator.log") ?? "").prefix(200))")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        let addresses = (0..<devices).compactMap { number -> IPAddress? in
            let last = number + 1
            return IPAddress("127.50.\(last / 256).\(last % 256)")
        }
        return SimulatedDevices(running: running, addresses: addresses, port: port, what: "52-port switches, simulated")
    }

    private func snmpd(_ port: UInt16) async throws -> SimulatedDevices {
        guard let program = Programs.installed("snmpd") else {
            throw BenchError("no --simulator and no snmpd: install the Debian package snmpd")
        }
        let configuration = directory + "/snmpd.conf"
        try write("rocommunity public 127.0.0.1\nsysName bench\n", to: configuration)
        let running = try RunningProgram(
            program, ["-f", "-Lo", "-C", "-c", configuration, "-I", "-smux", "udp:127.0.0.1:\(port)"],
            errors: directory + "/snmpd.log")
        let devices = SimulatedDevices(
            running: running, addresses: [IPAddress("127.0.0.1")].compactMap { $0 }, port: port,
            what: "snmpd of this machine, alone")
        let client = try SNMPClient()
        defer { client.close() }
        let began = ContinuousClock.now
        while true {
            let result = await client.read([[1, 3, 6, 1, 2, 1, 1, 3, 0]], from: devices.targets[0])
            if result.receipt.isComplete { return devices }
            guard running.isRunning, began.secondsSince < 20 else { throw BenchError("snmpd does not answer") }
        }
    }
}

/// Devices that answer until they are stopped.
struct SimulatedDevices {
    let running: RunningProgram
    let addresses: [IPAddress]
    let port: UInt16
    /// What they are, for notes.
    let what: String

    /// How they are asked: v2c, community `public`, one retry.
    var targets: [SNMPTarget] {
        addresses.map {
            SNMPTarget(address: $0, port: port, credential: .v2c(community: "public"), timeout: 2, retries: 1)
        }
    }

    func stop() { running.stop() }
}
