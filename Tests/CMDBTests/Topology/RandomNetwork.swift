import CMDB
import Model
import Testing

/// A tree of switches and machines that follows from a seed; some switches are unmanaged, some cables have LLDP, some tables
/// have lost addresses.
struct RandomNetwork {
    private var network = MadeNetwork()
    private var heard: [HeardNeighbour] = []
    private let seed: UInt64
    private let isWhole: Bool

    init(seed: UInt64) {
        self.seed = seed
        var random = Seeded(seed)
        isWhole = seed.isMultiple(of: 2)
        let switchCount = Int.random(in: 2...14, using: &random)
        var switches: [Int] = []
        for place in 0..<switchCount {
            let isManaged = isWhole || place == 0 || Int.random(in: 0..<5, using: &random) > 0
            let node = network.add(isManaged ? .managed : .unmanaged)
            if let other = switches.randomElement(using: &random) { network.connect(other, node) }
            switches.append(node)
        }
        for _ in 0..<Int.random(in: 2...30, using: &random) {
            let end = network.add(.end)
            network.connect(switches.randomElement(using: &random) ?? 0, end)
        }
        let managed = network.nodes.indices.filter { network.nodes[$0].kind == .managed }
        for first in managed {
            for cable in network.nodes[first].cables
            where network.nodes[cable.node].kind == .managed && first < cable.node {
                let both = network.heard(first, cable.node)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: heard += both
                case 1: heard.append(both[0])
                default: break
                }
            }
            guard !isWhole else { continue }
            // A switch is spoken with all the time; machines come and go.
            for machine in network.nodes.indices
            where network.nodes[machine].kind == .end && Int.random(in: 0..<6, using: &random) == 0 {
                network.forgotten.insert([first, machine])
            }
        }
    }

    func check() {
        var input = network.input
        input.heard = heard
        let found = TopologyDerivation.derive(input)
        let truth = network.truth
        for link in found.links {
            #expect(truth[link.port]?.contains(link.other) == true, "seed \(seed): \(link) is invented")
        }
        // The same whatever came first.
        input.ports.reverse()
        input.heard.reverse()
        #expect(TopologyDerivation.derive(input) == found, "seed \(seed)")
        // Looked at again, nothing changes.
        input.previous = found
        #expect(TopologyDerivation.derive(input) == found, "seed \(seed)")
        guard isWhole else { return }
        var cables = Set(found.links.map { Set([$0.port, $0.other]) })
        for neighbour in heard { cables.insert(Set([neighbour.port, neighbour.remote ?? neighbour.port])) }
        let all = truth.flatMap { port, others in others.map { Set([port, $0]) } }
        #expect(cables == Set(all), "seed \(seed)")
        #expect(found.links.allSatisfy { $0.evidence == .forwarding && $0.confidence == 80 }, "seed \(seed)")
    }
}
