import CMDB
import Model
import Stores
import Testing
import Wire

@testable import CollectorServices
@testable import SQLiteStores

@Suite("Access points of a wireless controller")
struct AccessPointCasesTests {
    private let controller = Subject.device(target: "wlc")
    private let other = Subject.device(target: "wlc-2")

    private func point(
        _ number: Int, state: String = "up", _ more: [String: AttributeValue] = [:]
    ) -> SectionItem {
        let facts: [String: AttributeValue] = [
            "name": .text("ap-\(number)"), "vendor": "Cisco", "serial": .text("FGL2100A00\(number)"),
            "mac": .text("00:1a:2b:01:00:0\(number)"), "model": "AIR-AP2802I", "state": .text(state),
        ]
        return item("00:1a:2b:00:\(number)0:00", facts.merging(more) { $1 })
    }

    private func wlc(_ serial: String) -> [SectionItem] {
        [item("", ["name": .text("name-\(serial)"), "vendor": "Cisco", "serial": .text(serial), "kind": "wireless"])]
    }

    private func named(_ name: String, _ fleet: Fleet) async throws -> CIRecord? {
        let found = try await fleet.all(.device).filter { $0.name == name && $0.state != .retired }
        #expect(found.count <= 1)
        return found.first
    }

    private func needs(_ ci: CIRecord?, _ fleet: Fleet) async throws -> [CIID] {
        guard let ci else { return [] }
        return try await fleet.store.edges(touching: [ci.id], asOf: nil)
            .filter { $0.source == ci.id && $0.kind == .dependsOn }.map(\.target).sorted()
    }

    @Test("become devices that need it, and fail with it")
    func become() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        try await fleet.send(
            "a", section(.system, wlc("FOC1"), of: controller),
            section(.accessPoints, [point(1), point(2, state: "down")], of: controller))
        let wlc = try #require(await fleet.device("a", "wlc"))
        let first = try #require(await named("ap-1", fleet))
        #expect(first.className == .device)
        #expect(first.parent == nil)
        #expect(try await needs(first, fleet) == [wlc.id])
        let facts = try await fleet.store.attributes(of: first.id, asOf: nil)
        let values = Dictionary(facts.map { ($0.name, $0.value) }) { first, _ in first }
        #expect(values["system.serial"] == "FGL2100A001")
        #expect(values["system.kind"] == "wireless")
        #expect(values["access_point.state"] == "up")
        var builder = CIGraphBuilder()
        for ci in try await fleet.all(.device).sorted(by: { $0.id < $1.id }) {
            builder.addNode(id: ci.id, className: ci.className, name: ci.name, state: ci.state, parent: ci.parent)
        }
        for edge in try await fleet.store.edges(touching: [wlc.id], asOf: nil) {
            builder.addEdge(source: edge.source, kind: edge.kind, target: edge.target)
        }
        var graph = builder.graph()
        let answer = graph.impact(of: [wlc.id], travel: .dependents)
        #expect(Set(answer.affected.map(\.name)) == ["ap-1", "ap-2"])
    }

    @Test("that were probed by themselves before are the same CI, and keep the name they give themselves")
    func probedBefore() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        let own: [SectionItem] = [item("", ["name": "own-name", "vendor": "Cisco Systems", "serial": "FGL2100A001"])]
        try await fleet.send("a", section(.system, own, of: .device(target: "ap")))
        let before = try #require(await fleet.device("a", "ap"))
        try await fleet.send(
            "a", section(.system, wlc("FOC1"), of: controller), section(.accessPoints, [point(1)], of: controller))
        #expect(try await fleet.all(.device).count == 2)
        #expect(try await named("own-name", fleet)?.id == before.id)
        #expect(try await needs(before, fleet).count == 1)
        try await fleet.send("a", section(.accessPoints, [], of: controller))
        #expect(try await named("own-name", fleet)?.state == .active)
        #expect(try await needs(before, fleet).isEmpty)
    }

    @Test("that are probed by themselves later are the same CI, by serial number or by the MAC address of an interface")
    func probedLater() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        try await fleet.send(
            "a", section(.system, wlc("FOC1"), of: controller),
            section(.accessPoints, [point(1), point(2, ["serial": "N/A"])], of: controller))
        let first = try #require(await named("ap-1", fleet))
        let second = try #require(await named("ap-2", fleet))
        try await fleet.send(
            "a",
            section(
                .system, [item("", ["name": "one", "vendor": "Cisco", "serial": "FGL2100A001"])],
                of: .device(target: "x")))
        try await fleet.send(
            "a", section(.system, [item("", ["name": "two", "vendor": "Cisco"])], of: .device(target: "y")),
            section(.interfaces, [item("1", ["name": "eth0", "mac": "00:1a:2b:01:00:02"])], of: .device(target: "y")))
        #expect(try await fleet.device("a", "x")?.id == first.id)
        #expect(try await fleet.device("a", "y")?.id == second.id)
    }

    @Test("that are listed no more vanish, return, and move to another controller as the same CI")
    func move() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        try await fleet.send(
            "a", section(.system, wlc("FOC1"), of: controller), section(.system, wlc("FOC2"), of: other),
            section(.accessPoints, [point(1), point(2)], of: controller))
        let ci = try #require(await named("ap-1", fleet))
        try await fleet.send("a", section(.accessPoints, [point(2)], of: controller, isComplete: false))
        #expect(try await named("ap-1", fleet)?.state == .active)
        try await fleet.send("a", section(.accessPoints, [point(2)], of: controller))
        #expect(try await named("ap-1", fleet)?.state == .vanished)
        #expect(try await needs(ci, fleet).isEmpty)
        try await fleet.send("a", section(.accessPoints, [point(1)], of: other))
        let moved = try #require(await named("ap-1", fleet))
        #expect(moved.id == ci.id)
        #expect(moved.state == .active)
        #expect(try await needs(ci, fleet) == [fleet.device("a", "wlc-2")?.id].compactMap { $0 })
        try await fleet.send("a", section(.accessPoints, [], of: other))
        #expect(try await named("ap-1", fleet)?.state == .vanished)
        try await fleet.send("a", section(.accessPoints, [point(1), point(2)], of: controller))
        #expect(try await named("ap-1", fleet)?.state == .active)
        #expect(try await needs(ci, fleet) == [fleet.device("a", "wlc")?.id].compactMap { $0 })
    }

    @Test("that one controller lists as standing by need only the other")
    func standby() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        try await fleet.send(
            "a", section(.system, wlc("FOC1"), of: controller), section(.system, wlc("FOC2"), of: other),
            section(.accessPoints, [point(1)], of: controller),
            section(.accessPoints, [point(1, state: "standby")], of: other))
        let ci = try #require(await named("ap-1", fleet))
        #expect(try await needs(ci, fleet) == [fleet.device("a", "wlc")?.id].compactMap { $0 })
        try await fleet.send(
            "a", section(.accessPoints, [], of: controller), section(.accessPoints, [point(1)], of: other))
        #expect(try await named("ap-1", fleet)?.state == .active)
        #expect(try await needs(ci, fleet) == [fleet.device("a", "wlc-2")?.id].compactMap { $0 })
    }

    @Test("that share a key, or are the controller itself, make no twin, no circle and no conflict")
    func odd() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        let same: [String: AttributeValue] = ["serial": "FGL2100A009", "mac": "00:1a:2b:01:00:09"]
        try await fleet.send(
            "a", section(.system, wlc("FGL2100A003"), of: controller),
            section(.accessPoints, [point(1, same), point(2, same), point(3), item("junk", [:])], of: controller))
        #expect(try await fleet.all(.device).map(\.name).sorted() == ["ap-1", "ap-2", "junk", "name-FGL2100A003"])
        let wlc = try #require(await fleet.device("a", "wlc"))
        #expect(try await needs(wlc, fleet).isEmpty)
        try await fleet.send(
            "a", section(.accessPoints, [point(1, same), point(2, same), point(3), point(4)], of: controller))
        #expect(try await fleet.all(.device).filter { $0.state == .active }.count == 4)
        #expect(try await named("junk", fleet)?.state == .vanished)
    }
}
