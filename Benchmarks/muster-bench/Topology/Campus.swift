import CMDB
import Model

/// A flat network: a core, distribution switches at it, access switches at those, machines at the access switches.
struct Campus {
    private struct Switch {
        let parent: Int?
        /// The port towards the parent is 0; then come children and machines in order.
        var children: [Int] = []
        var machines: [Int] = []
    }

    private var switches: [Switch] = []
    private let machineCount: Int
    private let portCount: Int
    /// Both ends of each cable.
    private(set) var cables: Set<Set<CIID>> = []

    /// nil when there are fewer ports than cables.
    init?(switches count: Int, ports: Int, machines: Int) {
        (portCount, machineCount) = (ports, machines)
        // As many distribution switches as the square root, so that none has many children.
        let distribution = max(1, min(ports - 1, Int(Double(count).squareRoot())))
        for number in 0..<count {
            let parent: Int? = number == 0 ? nil : number <= distribution ? 0 : 1 + (number - 1) % distribution
            switches.append(Switch(parent: parent))
            if let parent { switches[parent].children.append(number) }
        }
        let access = switches.indices.filter { switches[$0].children.isEmpty }
        for machine in 0..<machines { switches[access[machine % access.count]].machines.append(machine) }
        guard switches.allSatisfy({ 1 + $0.children.count + $0.machines.count <= ports }) else { return nil }
        for (number, node) in switches.enumerated() {
            for (place, child) in node.children.enumerated() {
                cables.insert([Campus.port(number, 1 + place), Campus.port(child, 0)])
            }
            for (place, machine) in node.machines.enumerated() {
                cables.insert([Campus.port(number, 1 + node.children.count + place), Campus.card(machine)])
            }
        }
    }

    private static func device(_ number: Int) -> CIID { CIID(Int64(number + 1) * 10_000) }
    private static func port(_ number: Int, _ port: Int) -> CIID { CIID(Int64(number + 1) * 10_000 + 1 + Int64(port)) }
    private static func host(_ machine: Int) -> CIID { CIID(1_000_000_000 + Int64(machine) * 2) }
    private static func card(_ machine: Int) -> CIID { CIID(1_000_000_001 + Int64(machine) * 2) }
    /// Universally administered addresses, of switches apart from those of machines.
    private static func mac(_ number: Int, isSwitch: Bool) -> MACAddress? {
        let octets = [0x00, 0x1b, isSwitch ? 0x21 : 0x22, number >> 16, number >> 8, number].map {
            UInt8(truncatingIfNeeded: $0)
        }
        return MACAddress(octets: octets)
    }

    /// What the collector knows of it; `silent` machines have been heard by nobody.
    func input(silent: Set<Int>) -> TopologyInput {
        var input = TopologyInput()
        for number in switches.indices {
            for port in 0..<portCount {
                input.ports.append(
                    TopologyPort(
                        ci: Campus.port(number, port), owner: Campus.device(number),
                        mac: port == 0 ? Campus.mac(number, isSwitch: true) : nil, isUp: true))
            }
        }
        for machine in 0..<machineCount {
            input.ports.append(
                TopologyPort(
                    ci: Campus.card(machine), owner: Campus.host(machine), mac: Campus.mac(machine, isSwitch: false),
                    isUp: true))
        }
        for number in switches.indices { input.tables[Campus.device(number)] = [table(number, silent)] }
        return input
    }

    private func table(_ number: Int, _ silent: Set<Int>) -> ForwardingTable {
        var items: [SectionItem] = []
        items.reserveCapacity(machineCount + switches.count)
        for other in switches.indices where other != number {
            add(Campus.mac(other, isSwitch: true), port: port(of: number, towards: other), to: &items)
        }
        for (holder, node) in switches.enumerated() {
            let towards = holder == number ? nil : port(of: number, towards: holder)
            for (place, machine) in node.machines.enumerated() where !silent.contains(machine) {
                let port = towards ?? 1 + node.children.count + place
                add(Campus.mac(machine, isSwitch: false), port: port, to: &items)
            }
        }
        let interfaces = Dictionary((0..<portCount).map { (Int64($0), Campus.port(number, $0)) }) { first, _ in first }
        return ForwardingTable(items, interfaces: interfaces)
    }

    private func add(_ mac: MACAddress?, port: Int, to items: inout [SectionItem]) {
        guard let mac = mac?.description else { return }
        items.append(
            SectionItem(
                key: "|\(mac)",
                attributes: ["mac": .text(mac), "interface_index": .integer(Int64(port)), "status": "learned"]))
    }

    /// The port of a switch behind which another stands: that of the child on the way down, else the one towards the parent.
    private func port(of number: Int, towards other: Int) -> Int {
        var current = other
        while let parent = switches[current].parent {
            if parent == number { return 1 + (switches[number].children.firstIndex(of: current) ?? 0) }
            current = parent
        }
        return 0
    }
}
