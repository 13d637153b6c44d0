import ArgumentParser
import Devices
import SNMP

/// `muster-bench snmp`: reading many devices at once, through the agent's own SNMP and probe code.
struct SNMPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snmp",
        abstract: "Walks, full probes and a sweep of simulated devices; the agent polling hundreds of them.",
        discussion: """
            Devices are copies of one synthetic switch with 52 ports, served on loopback by the simulator that \
            --simulator names: a program, or its C source, that takes --fleet ADDRESS:PORT --count N --manifest FILE \
            [--fault …] DIRECTORY. Without it one snmpd of net-snmp is read again and again. Two minutes with the \
            simulator, and as long as --poll-seconds says.
            """)

    @Option(help: "Devices; more than one needs the simulator.")
    var devices = 250

    @Option(help: "How many devices are read at the same time.")
    var inFlight = 250

    @Option(help: "How often everything is measured; the median is printed.")
    var rounds = 3

    @Option(help: "The simulator's program, or its source.")
    var simulator: String?

    @Option(help: "Milliseconds before each answer in the round with latency; 0 leaves it out.")
    var latency = 20

    @Option(help: "How long muster-agent polls the devices once a minute, in seconds; 0 leaves it out.")
    var pollSeconds = 0

    @OptionGroup var programs: Programs

    mutating func run() async throws {
        guard (1...5000).contains(devices), (1...5000).contains(inFlight), rounds > 0, (0...1000).contains(latency),
            (0...3600).contains(pollSeconds)
        else { throw ValidationError("--devices and --in-flight are 1 to 5000, --poll-seconds at most 3600") }
        let scratch = try ScratchDirectory("snmp")
        defer { scratch.remove() }
        let place = try SimulatorPlace(simulator, in: scratch.path)
        let client = try SNMPClient()
        defer { client.close() }

        let plain = try await place.start(devices: devices)
        let run = SNMPRun(client: client, inFlight: inFlight, rounds: rounds)
        try await run.walks("snmp_walk", plain)
        let profiles = try DeviceProfiles(directory: try programs.shipped("agent-config") + "/profiles")
        try await run.probes(plain, DeviceProbe(profiles: profiles))
        try await SNMPPeers(programs: programs, scratch: scratch.path).measure(plain)
        if pollSeconds > 0 {
            try await AgentPolling(devices: plain, seconds: pollSeconds).measure(in: scratch.path, programs)
        }
        plain.stop()
        guard place.isSimulator else {
            return Figure("snmp_sweep_seconds", nil, "s", note: "needs --simulator").print()
        }
        if latency > 0 {
            let slow = try await place.start(devices: devices, faults: ["--fault", "latency=\(latency)"])
            try await run.walks("snmp_walk_\(latency)ms", slow)
            slow.stop()
        }
        let half = try await place.start(devices: 254, faults: ["--fault", "dead", "--faulty", "0.5"])
        try await run.sweep(half)
        half.stop()
    }
}
