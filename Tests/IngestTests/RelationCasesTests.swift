import CMDB
import CollectorServices
import Logging
import Model
import Stores
import Testing
import Wire

@Suite("Edges and impact from what agents say")
struct RelationCasesTests {
    private let web = item(
        "exe:/usr/bin/python3|tcp|0.0.0.0|8088",
        ["executable": "/usr/bin/python3", "listen": .list(["tcp 0.0.0.0:8088"])])
    private let device = Subject.device(target: "switch")

    private func relations(_ fleet: Fleet, _ services: [DeclaredServices.Declared] = []) -> GraphRelationService {
        GraphRelationService(
            store: fleet.store, declared: DeclaredServices(services), logger: Logger(label: "test"))
    }

    private func edges(_ fleet: Fleet, _ kind: RelationKind, of ci: CIID) async throws -> [RelationEdge] {
        try await fleet.store.relations(of: ci, asOf: nil).map(\.edge).filter { $0.kind == kind }
    }

    /// What lldpd on a host with a virtual cable says of the device at the other end.
    private var hostNeighbours: Report {
        section(
            .neighbours,
            [
                item(
                    "mdemo0|6e:1f:00:00:00:02|6e:1f:00:00:00:02",
                    [
                        "local_port": "mdemo0", "chassis_id": "6e:1f:00:00:00:02", "chassis_id_type": "mac",
                        "chassis_name": "demo-switch", "port_id": "6e:1f:00:00:00:02", "port_id_type": "mac",
                        "port_description": "eth0",
                    ])
            ])
    }

    private func sendCable(_ fleet: Fleet) async throws {
        try await fleet.send(
            "a", section(.system, system("box")), hostNeighbours,
            section(
                .interfaces,
                [item("mdemo0", ["mac": "6e:1f:00:00:00:01"]), item("eth0", ["mac": "00:1b:21:00:00:01"])]))
        try await fleet.send(
            "a", section(.system, [item("", ["name": "demo-switch"])], of: device, address: "198.18.77.2"),
            section(.interfaces, [item("2", ["name": "eth0", "mac": "6e:1f:00:00:00:02"])], of: device))
    }

    @Test("a cable is found by what one side heard, whichever side came first")
    func cable() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        let service = relations(fleet)
        try await service.catchUp()
        try await fleet.send(
            "a", section(.system, system("box")), hostNeighbours,
            section(.interfaces, [item("mdemo0", ["mac": "6e:1f:00:00:00:01"])]))
        try await service.catchUp()
        try await sendCable(fleet)
        try await service.catchUp()
        let port = try #require(await fleet.child("eth0", of: fleet.device("a", "switch")?.id)).id
        let local = try #require(await fleet.child("mdemo0", of: fleet.host("a")?.id)).id
        let cables = try await edges(fleet, .connectedTo, of: port)
        #expect(cables.map(\.source) == [min(port, local)])
        #expect(cables.map(\.target) == [max(port, local)])
        try await fleet.send("a", section(.neighbours, []))
        try await service.catchUp()
        #expect(try await edges(fleet, .connectedTo, of: port).isEmpty)
    }

    @Test("a switch that fails touches the host behind the cable, not all that runs there")
    func deviceImpact() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        try await sendCable(fleet)
        try await fleet.send("a", section(.services, [web]))
        try await relations(fleet).catchUp()
        let graph = GraphService(store: fleet.store, logger: Logger(label: "test"))
        let device = try #require(await fleet.device("a", "switch")).id
        let answer = try await graph.impact(of: [device], direction: .dependents, depth: nil, asOf: nil)
        #expect(answer.affected.map(\.name) == ["eth0", "mdemo0", "box"])
        #expect(answer.affected.last?.path == ["device demo-switch", "interface eth0", "interface mdemo0", "host box"])
    }

    @Test("a declared service finds its listener, keeps it when it stops, and heads the impact")
    func declared() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        let selector = try #require(ServiceSelector("listen:tcp:8088@box"))
        let shop = DeclaredServices.Declared(file: "shop.toml", name: "Demo shop", dependsOn: [selector])
        let service = relations(fleet, [shop])
        let graph = GraphService(store: fleet.store, logger: Logger(label: "test"))
        try await service.catchUp()
        try await fleet.send("a", section(.system, system("box")), section(.services, [web]))
        try await service.catchUp()
        let program = try #require(await fleet.child("python3:8088", of: fleet.host("a")?.id)).id
        try await fleet.send("a", section(.services, []))
        try await service.catchUp()
        #expect(try await edges(fleet, .dependsOn, of: program).count == 1)
        let host = try #require(await fleet.host("a")).id
        let answer = try await graph.impact(of: [host], direction: .dependents, depth: nil, asOf: nil)
        #expect(answer.affected.map(\.name) == ["Demo shop", "python3:8088"])
        let upstream = try await graph.impact(
            of: [answer.affected[0].ci], direction: .dependencies, depth: nil, asOf: nil)
        #expect(upstream.affected.map(\.name) == ["python3:8088", "box"])
        let withdrawn = relations(fleet)
        try await withdrawn.catchUp()
        #expect(try await edges(fleet, .dependsOn, of: program).isEmpty)
        #expect(try await fleet.all(.businessService).map(\.state) == [.retired])
    }

    @Test("a live connection leads to the program that listens, across hosts")
    func connection() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a", "b")
        let service = relations(fleet)
        let client = item("unit:app.service", ["listen": .list(["tcp 0.0.0.0:80"])])
        let socket = item(
            "unit:app.service>tcp|192.0.2.2|8088",
            [
                "service": "unit:app.service", "transport": "tcp", "remote_address": "192.0.2.2",
                "remote_port": .integer(8088),
            ])
        try await fleet.send(
            "a", section(.system, system("one")), section(.services, [client]), section(.connections, [socket]))
        try await service.catchUp()
        try await fleet.send(
            "b", section(.system, system("two")), section(.services, [web]),
            section(.interfaces, [item("eth0", ["addresses": .list(["192.0.2.2/24"])])]))
        try await service.catchUp()
        let app = try #require(await fleet.child("app.service", of: fleet.host("a")?.id)).id
        let target = try #require(await fleet.child("python3:8088", of: fleet.host("b")?.id)).id
        #expect(try await edges(fleet, .connectsTo, of: app).map(\.target) == [target])
    }

    @Test("impact as of a commit sees the edges of that time")
    func pastImpact() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        let graph = GraphService(store: fleet.store, logger: Logger(label: "test"))
        try await fleet.send("a", section(.system, system("box")))
        let early = try #require(await fleet.store.entries(after: .start, limit: 1000).last).commit
        try await fleet.send("a", section(.services, [web]))
        let late = try #require(await fleet.store.entries(after: .start, limit: 1000).last).commit
        let host = try #require(await fleet.host("a")).id
        let before = try await graph.impact(of: [host], direction: .dependents, depth: nil, asOf: early)
        let after = try await graph.impact(of: [host], direction: .dependents, depth: nil, asOf: late)
        #expect(before.affected.isEmpty)
        #expect(after.affected.map(\.name) == ["python3:8088"])
    }

    @Test("a check of a listener speaks of the service, also after it vanished, else of the host")
    func checks() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        try await fleet.send("a", section(.system, system("box")), section(.services, [web]))
        try await fleet.send("a", section(.services, []))
        let subject = Subject.listener(transport: "tcp", address: "127.0.0.1", port: 8088)
        let result = CheckResult(
            check: "shop", kind: "tcp", subject: subject, state: .critical, message: "refused", failuresInRow: 1,
            milliseconds: 1)
        try await fleet.send("a", .checks([result]))
        let program = try #require(await fleet.child("python3:8088", of: fleet.host("a")?.id)).id
        let newest = try await fleet.store.newestResult(agent: "a", check: "shop")
        #expect(newest?.ci == program)
        let feed = try await fleet.store.newestCursor()
        var steady = result
        steady.failuresInRow = 11
        try await fleet.send("a", .checks([steady]))
        #expect(try await fleet.store.newestCursor() == feed)
    }

    @Test("samples are stored once and handed on; an unknown number asks for the dictionary")
    func samples() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        let load = SeriesName("system.cpu.load", ["cpu": "0"])
        let known = SampleReport(
            subject: .host, introduced: [IndexedSeries(index: 0, series: load)],
            values: [IndexedValue(index: 0, value: 0.5)])
        let batch = try fleet.batch("a", [.samples(known)])
        _ = try await fleet.ingest.accept(agent: "a", batch: batch)
        _ = try await fleet.ingest.accept(agent: "a", batch: batch)
        let host = try #require(await fleet.host("a")).id
        let from = Timestamp(milliseconds: 0)
        let values = try await fleet.samples.values(
            of: host, series: load, from: from, to: Timestamp(milliseconds: .max), limit: 10)
        #expect(values.map(\.value) == [0.5])
        #expect(fleet.sink.values.withLock { $0 } == [Sample(load, 0.5)])
        let unknown = SampleReport(subject: .host, introduced: [], values: [IndexedValue(index: 9, value: 1)])
        let answer = try await fleet.send("a", .samples(unknown))
        #expect(answer.wants == [.dictionary])
        #expect(answer.refused.count == 1)
        #expect(try await fleet.samples.series(of: host) == [load])
    }
}
