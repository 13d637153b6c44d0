import ArgumentParser
import CMDB
import Model

/// `muster-bench topology`: cables out of forwarding tables, in this process.
struct TopologyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topology",
        abstract: "Derives the cables of a campus from its forwarding tables alone.",
        discussion: """
            One flat network, the worst there is: every switch has every address in its table. Access switches hang on \
            distribution switches, those on one core; no switch speaks LLDP, so each cable between switches has to be \
            proved. A quarter of the machines falls silent for a second look. About five seconds.
            """)

    @Option(help: "Switches, 3 to 2000.")
    var switches = 300

    @Option(help: "Ports of each switch, 4 to 1000; no switch has more cables than ports.")
    var ports = 50

    @Option(help: "Machines with an address, at most what the access switches have ports for.")
    var machines = 6000

    @Option(help: "How often the cables are derived.")
    var rounds = 10

    mutating func run() async throws {
        guard (3...2000).contains(switches), (4...1000).contains(ports), machines >= 1, rounds >= 1 else {
            throw ValidationError("--switches is 3 to 2000, --ports 4 to 1000, --machines and --rounds at least 1")
        }
        guard let campus = Campus(switches: switches, ports: ports, machines: machines) else {
            throw ValidationError("--machines \(machines): the access switches have no ports for so many")
        }
        let before = ownResidentMiB()
        let read = ContinuousClock.now
        var input = campus.input(silent: [])
        let entries = input.tables.values.flatMap { $0 }.reduce(0) { $0 + $1.count }
        let note = "\(switches) switches of \(ports) ports, \(machines) machines, \(entries) entries"
        Figure("topology_read_seconds", read.secondsSince, "s", note: note).print()
        Figure("topology_memory_rise", ownResidentMiB() - before, "MiB", note: note).print()
        var times: [Double] = []
        for _ in 0..<rounds {
            let begun = ContinuousClock.now
            let topology = TopologyDerivation.derive(input)
            times.append((ContinuousClock.now - begun).inMilliseconds)
            input.previous = topology
        }
        Figure("topology_derive_p50", Statistics(times).median, "ms", note: note).print()
        Figure("topology_derive_max", Statistics(times).most, "ms", note: note).print()
        report(input.previous, campus, "", note)
        var quiet = campus.input(silent: Set(stride(from: 0, to: machines, by: 4)))
        quiet.previous = input.previous
        report(TopologyDerivation.derive(quiet), campus, "_quiet", note)
    }

    /// How many of the real cables were found, and how many of those found are none.
    private func report(_ topology: Topology, _ campus: Campus, _ name: String, _ note: String) {
        let found = Set(topology.links.map { Set([$0.port, $0.other]) })
        let right = Double(found.intersection(campus.cables).count)
        Figure("topology\(name)_found", 100 * right / Double(campus.cables.count), "%", note: note).print()
        Figure("topology\(name)_invented", Double(found.count) - right, "cables", note: note).print()
    }
}
