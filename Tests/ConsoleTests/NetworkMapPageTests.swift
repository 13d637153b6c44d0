import CMDB
import Foundation
import LinuxSystem
import Model
import Stores
import Testing

@testable import Console

/// A network of 500 devices in a bench's store: a head office with 2 cores, 8 distribution and 200 access switches, and branches
/// with a router and switches each; a host on every access switch; alarms on some.
struct MadeNetwork {
    private(set) var changes: [CMDBChange] = []
    private(set) var alarms: [AlarmChange] = []
    private var next: Int64 = 10_000
    private var alarm: Int64 = 1

    init(branches: Int = 29, access: Int = 200) {
        changes.append(.addSource(id: 1, kind: "snmp", name: "agent"))
        changes.append(.addObject(id: 2, source: 1, scope: "device", key: "", className: .device, parent: nil))
        let cores = (1...2).map { device("hq-core-\($0)", "Head office, room 1") }
        cable(cores[0], cores[1])
        cable(cores[0], cores[1])
        let middle = (1...8).map { device("hq-dist-\($0)", "Head office, floor \($0)") }
        for core in cores { for switchOf in middle { cable(core, switchOf) } }
        for number in 0..<access {
            let edge = device("hq-access-\(number)", "Head office, floor \(number % 40)")
            let pair = number % 4 * 2
            cable(middle[pair], edge)
            cable(middle[pair + 1], edge)
            cable(edge, machine(.host, "pc-\(number)", nil))
            if number.isMultiple(of: 67) { raise(edge, .major) }
        }
        for branch in 0..<branches {
            let place = branch == 3 ? "<img \"4\" & x" : "Branch \(branch + 1)"
            let router = device("b\(branch)-router", place, "firewall")
            cable(cores[branch % 2], router)
            for number in 0..<9 { cable(router, device("b\(branch)-switch-\(number)", place)) }
            if branch == 7 { raise(router, .critical) }
        }
    }

    private mutating func device(_ name: String, _ location: String, _ kind: String = "network") -> CIID {
        let ci = machine(.device, name, nil)
        changes.append(.setAttribute(ci: ci, attribute: "system.kind", value: .text(kind), object: 2))
        changes.append(.setAttribute(ci: ci, attribute: "system.location", value: .text(location), object: 2))
        return ci
    }

    private mutating func machine(_ className: CIClass, _ name: String, _ parent: CIID?) -> CIID {
        next += 1
        changes.append(.addCI(id: CIID(next), className: className, name: name, parent: parent))
        return CIID(next)
    }

    private mutating func cable(_ first: CIID, _ second: CIID) {
        let (here, there) = (
            machine(.interface, "Gi1/0/\(next % 48)", first), machine(.interface, "Te1/\(next % 8)", second)
        )
        changes.append(
            .addRelation(
                .init(source: here, kind: .connectedTo, target: there, object: 2, confidence: 100, evidence: .lldp)))
    }

    private mutating func raise(_ ci: CIID, _ severity: Severity) {
        alarms.append(
            .put(
                AlarmRecord(
                    id: alarm, key: AlarmKey(ci: ci, rule: "r", instance: ""), state: .firing, severity: severity,
                    summary: "down", value: "1", since: Timestamp(seconds: 5), firedAt: Timestamp(seconds: 6),
                    incident: nil, occurrences: 1), reason: "r"))
        alarm += 1
    }

    /// A bench with it in its store.
    func bench() async throws -> ConsoleBench {
        let bench = try ConsoleBench()
        var set = ChangeSet()
        set.cmdb = changes
        set.alarms = alarms
        _ = try await bench.store.commit(set)
        return bench
    }
}

@Suite("The page of the network")
struct NetworkPageTests {
    private static var hasDot: Bool { access("/usr/bin/dot", X_OK) == 0 }

    /// The page with its drawing.
    private static func drawn(_ bench: ConsoleBench, _ path: String, language: String = "en") async throws -> String {
        let person = try await bench.person("mei\(path.utf8.count)\(language)", .viewer)
        let answer = await bench.get(path, person, language: language)
        #expect(answer.status == 200)
        #expect(answer.text.contains("<svg") && !answer.text.contains("data-again"))
        return answer.text
    }

    private struct Missing: Error {}

    @Test(
        "500 devices: places are one box each, the worst first, hostile names stay text",
        .enabled(if: hasDot, "needs graphviz"))
    func closed() async throws {
        let bench = try await MadeNetwork().bench()
        defer { bench.remove() }
        let page = try await Self.drawn(bench, "/map")
        #expect(page.contains("500 devices carry the network, 200 machines hang on them."))
        #expect(page.matches(of: /class="node ci place/).count == 30)
        #expect(page.contains("node ci place critical"))
        #expect(page.contains("&lt;img &quot;4&quot; &amp; x") && !page.contains("<img"))
        let first = try #require(
            page.firstMatch(of: /<ul class="links places">\s*<li[^>]*>(.*?)<\/li>/.dotMatchesNewlines()))
        #expect(first.1.contains("Branch 8") && first.1.contains("critical"))
        #expect(page.matches(of: /href="\/map\?open=Branch%208"/).count == 2)
        #expect(page.utf8.count < 120_000)
        #expect(try await Self.drawn(bench, "/map", language: "zh").contains("500 台网络设备"))
    }

    @Test(
        "An opened place shows its tiers; the edge is gathered but for what has alarms",
        .enabled(if: hasDot, "needs graphviz"))
    func opened() async throws {
        let bench = try await MadeNetwork().bench()
        defer { bench.remove() }
        let page = try await Self.drawn(bench, "/map?open=Head%20office")
        for heading in ["Core", "Distribution", "Access"] { #expect(page.contains("<h3>\(heading)</h3>")) }
        #expect(page.contains("class=\"cluster place root\""))
        // 200 access switches on four pairs, three with an alarm.
        #expect(page.matches(of: /class="node ci gathered"/).count == 4)
        #expect(page.matches(of: /class="node ci major"/).count == 3)
        // Ports of both ends stand in the list and at the line.
        #expect(page.contains(" – Te1/"))
        #expect(page.contains("<text") && page.contains("2×"))
        let group = try #require(page.firstMatch(of: /href="(\/map\?open=Head%20office&amp;below=[0-9]+)"/)).1
        let path = group.replacing("&amp;", with: "&")
        let below = try await Self.drawn(bench, String(path))
        #expect(below.matches(of: /class="node ci gathered"/).count == 3)
        #expect(below.matches(of: /class="node ci"/).count > 45)
    }

    @Test("Everything open at once keeps below the limit of boxes and names each device or its group")
    func everything() async throws {
        var made = NetworkMapInputs()
        for number in 0..<900 { made.add("p\(number % 3)", number) }
        let plan = NetworkPlan(made.map, worst: [:], opened: ["p0", "p1", "p2"], below: [])
        #expect(plan.boxes.count <= NetworkPlan.boxLimit + 3)
        let shown = plan.boxes.map { box -> Int in
            switch box.what {
            case .place: 0
            case .device: 1
            case .gathered(let group, _): group.count
            }
        }.reduce(0, +)
        #expect(shown + plan.left + plan.loose.values.map(\.count).reduce(0, +) == 900)
    }

    @Test("A page waits for no drawing that takes long; the next one has it", .enabled(if: hasDot, "needs graphviz"))
    func patience() async throws {
        let drawer = MapDrawer(program: "/usr/bin/dot")
        let keeper = MapKeeper(drawer, patience: .zero)
        let (one, two) = (Array("digraph { a }".utf8), Array("digraph { b }".utf8))
        guard case .coming = await keeper.drawing(of: one, for: "q", label: "l") else { throw Missing() }
        // Who has time waits for the same program.
        let markup = try await drawer.drawing(of: one, label: "l")
        guard case .drawn(markup) = await keeper.drawing(of: one, for: "q", label: "l") else { throw Missing() }
        // What is asked next is told by the drawing before, another question by none.
        guard case .before(markup) = await keeper.drawing(of: two, for: "q", label: "l") else { throw Missing() }
        guard case .coming = await keeper.drawing(of: two, for: "other", label: "l") else { throw Missing() }
        let other = try await drawer.drawing(of: two, label: "l")
        #expect(other != markup)
        guard case .drawn(other) = await keeper.drawing(of: two, for: "q", label: "l") else { throw Missing() }
    }

    @Test("What could not be drawn behind a page is told to the next one, and tried again after that")
    func failure() async throws {
        let drawer = MapDrawer(program: "/bin/false")
        let keeper = MapKeeper(drawer, patience: .zero)
        let source = Array("digraph { a }".utf8)
        guard case .coming = await keeper.drawing(of: source, for: "q", label: "l") else { throw Missing() }
        await #expect(throws: MapDrawer.Failure.self) { try await drawer.drawing(of: source, label: "l") }
        guard case .coming = await keeper.drawing(of: source, for: "q", label: "l") else { throw Missing() }
    }

    @Test("Without Graphviz the lists are whole; a wrong number is refused; nothing known is said")
    func other() async throws {
        let bench = try ConsoleBench()
        defer { bench.remove() }
        let person = try await bench.person("mei", .viewer)
        let empty = await bench.get("/map", person)
        #expect(empty.status == 200 && empty.text.contains("No device that carries the network is known yet"))
        #expect(await bench.get("/map?below=x", person).status == 400)
        #expect(await bench.get("/map?open=nowhere&open=-", person).status == 200)
        #expect(await bench.get("/map?what=1", person).status == 400)
        let many = (1...101).map { "below=\($0)" }.joined(separator: "&")
        #expect(await bench.get("/map?" + many, person).status == 400)
        #expect(await bench.get("/map", nil).status != 200)
    }
}

/// Devices in stars: every thirtieth of a place is a middle for those after it.
private struct NetworkMapInputs {
    private var devices: [Stores.CIFacts] = []
    private var cables: [GraphCable] = []

    mutating func add(_ place: String, _ number: Int) {
        let record = CIRecord(
            id: CIID(Int64(number + 1)), className: .device, name: "d\(number)", state: .active, parent: nil,
            created: CommitNumber(rawValue: 1), version: 1)
        devices.append(
            Stores.CIFacts(record: record, values: ["system.kind": "network", "system.location": .text(place)]))
        let up = number < 3 ? nil : number < 90 ? number % 3 : number % 90
        if let up { cables.append(GraphCable(first: end(up, number), second: end(number, up))) }
    }

    private func end(_ number: Int, _ other: Int) -> GraphCable.End {
        let machine = GraphNode(
            ci: CIID(Int64(number + 1)), className: .device, name: "d\(number)", state: .active, parent: nil)
        return GraphCable.End(
            port: GraphNode(
                ci: CIID(Int64(10_000 + number * 1000 + other)), className: .interface, name: "p\(other)",
                state: .active, parent: machine.ci),
            machine: machine)
    }

    var map: NetworkMap { NetworkMap(cables, devices: devices, confidence: [:]) }
}
