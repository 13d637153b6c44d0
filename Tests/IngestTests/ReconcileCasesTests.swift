import Model
import Stores
import Testing
import Wire

@testable import SQLiteStores

@Suite("What reports do to the CMDB")
struct ReconcileCasesTests {
    private let web = item(
        "exe:/usr/bin/python3|tcp|0.0.0.0|8080",
        ["executable": "/usr/bin/python3", "listen": .list(["tcp 0.0.0.0:8080"])])

    @Test("a service that vanishes and returns keeps its CI")
    func vanishAndReturn() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        try await fleet.send("a", section(.system, system("one")), section(.services, [web]))
        let before = try await fleet.child("python3:8080", of: fleet.host("a")?.id)
        try await fleet.send("a", section(.services, []))
        #expect(try await fleet.child("python3:8080", of: fleet.host("a")?.id)?.state == .vanished)
        try await fleet.send("a", section(.services, [web]))
        let after = try await fleet.child("python3:8080", of: fleet.host("a")?.id)
        #expect(after?.state == .active)
        #expect(before?.id == after?.id)
        #expect(try await fleet.all(.service).count == 1)
    }

    @Test("A9: an incomplete section, of a source that was cut short, lets nothing vanish and no item end")
    func incomplete() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        let packages = [item("dpkg:a:amd64", ["version": "1"]), item("dpkg:b:amd64", ["version": "1"])]
        try await fleet.send(
            "a", section(.system, system("one")), section(.services, [web]), section(.packages, packages))
        try await fleet.send(
            "a", section(.services, [], isComplete: false), section(.packages, [packages[0]], isComplete: false))
        let host = try #require(await fleet.host("a")).id
        #expect(try await fleet.child("python3:8080", of: host)?.state == .active)
        #expect(try await fleet.store.sectionCounts(of: host, asOf: nil)[.packages] == 2)
    }

    @Test("A2, C1: the same batch twice changes nothing")
    func idempotent() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        let batch = try fleet.batch("a", [section(.system, system("one")), section(.services, [web])])
        let first = try await fleet.ingest.accept(agent: "a", batch: batch)
        let feed = try await fleet.store.newestCursor()
        let second = try await fleet.ingest.accept(agent: "a", batch: batch)
        #expect(first.stored == 2)
        #expect((second.stored, second.duplicates) == (0, 2))
        #expect(try await fleet.store.newestCursor() == feed)
    }

    @Test("C1, C7: what cannot be committed is not acknowledged, and is taken once the store is well again")
    func notCommitted() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        let batch = try fleet.batch("a", [section(.system, system("one"))])
        fleet.store.commits.stop()
        await #expect(throws: StoreError.self) { try await fleet.ingest.accept(agent: "a", batch: batch) }
        let again = try fleet.reopened()
        let answer = try await again.accept(agent: "a", batch: batch)
        #expect((answer.stored, answer.duplicates) == (1, 0))
    }

    @Test("the same content under a new sequence writes no history")
    func unchangedContent() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        try await fleet.send("a", section(.system, system("one")), section(.services, [web]))
        let feed = try await fleet.store.newestCursor()
        let answer = try await fleet.send("a", section(.system, system("one")), section(.services, [web]))
        #expect(answer.stored == 2)
        #expect(try await fleet.store.newestCursor() == feed)
    }

    @Test("a difference applies to its base, and an unknown base is asked for")
    func delta() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        let old = [item("dpkg:a:amd64", ["version": "1"]), item("dpkg:b:amd64", ["version": "1"])]
        let new = [item("dpkg:a:amd64", ["version": "2"]), item("dpkg:c:amd64", ["version": "1"])]
        let base = SectionDigest.digest(of: old)
        let report = Report.inventory(
            InventoryReport(
                subject: .host, section: .packages, digest: SectionDigest.digest(of: new), isComplete: true,
                body: .delta(base: base, upserts: new, removals: ["dpkg:b:amd64"])))
        let early = try await fleet.send("a", report)
        #expect(early.wants == [.section(subject: .host, section: .packages)])
        try await fleet.send("a", section(.packages, old))
        let late = try await fleet.send("a", report)
        #expect(late.wants.isEmpty)
        let host = try #require(await fleet.host("a")).id
        let items = try await fleet.store.items(
            of: host, section: .packages, containing: nil, asOf: nil, after: nil, limit: 10)
        #expect(items.map(\.item) == new)
    }

    @Test("a section in parts takes effect when the last one came, in any order")
    func parts() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        let items = [item("dpkg:a:amd64", ["version": "1"]), item("dpkg:b:amd64", ["version": "1"])]
        let reports = (1...2).map { part in
            Report.inventory(
                InventoryReport(
                    subject: .host, section: .packages, digest: SectionDigest.digest(of: items), isComplete: true,
                    body: .full(items: [items[part - 1]], part: part, parts: 2)))
        }
        try await fleet.send("a", reports[1])
        let host = try #require(await fleet.host("a")).id
        #expect(try await fleet.store.sectionCounts(of: host, asOf: nil)[.packages] == nil)
        try await fleet.send("a", reports[0])
        #expect(try await fleet.store.sectionCounts(of: host, asOf: nil)[.packages] == 2)
    }

    @Test("a probe's word yields to the agent's, and is shown beside it")
    func precedence() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        let identity: [String: AttributeValue] = ["serial": "ABC123", "vendor": "Dell"]
        try await fleet.send("a", section(.system, system("one", identity.merging(["model": "R640"]) { $1 })))
        try await fleet.send(
            "a",
            section(
                .system, [item("", identity.merging(["model": "PowerEdge", "location": "R2"]) { $1 })],
                of: .device(target: "one-snmp")))
        let host = try #require(await fleet.host("a")).id
        let facts = try await fleet.store.attributes(of: host, asOf: nil)
        let model = try #require(facts.first { $0.name == "system.model" })
        #expect(model.value == "R640")
        #expect(model.source == "agent:a")
        #expect(model.others == ["snmp:a": "PowerEdge"])
        #expect(facts.first { $0.name == "system.location" }?.source == "snmp:a")
    }

    @Test("what was so a commit ago is still there to be asked")
    func asOf() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        try await fleet.send("a", section(.system, system("one", ["model": "old"])), section(.services, [web]))
        let host = try #require(await fleet.host("a")).id
        let entries = try await fleet.store.entries(after: .start, limit: 1000)
        let then = try #require(entries.last).commit
        try await fleet.send("a", section(.system, system("two", ["model": "new"])), section(.services, []))
        #expect(try await fleet.store.ci(host, asOf: then)?.name == "one")
        #expect(try await fleet.store.ci(host, asOf: nil)?.name == "two")
        let past = try await fleet.store.attributes(of: host, asOf: then)
        #expect(past.first { $0.name == "system.model" }?.value == "old")
        #expect(try await fleet.store.children(of: host, asOf: then).map(\.state) == [.active])
        #expect(try await fleet.store.children(of: host, asOf: nil).map(\.state) == [.vanished])
    }

    @Test("history tells before, after, source and time, also of what lies inside")
    func history() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        try await fleet.send(
            "a", section(.packages, [item("dpkg:a:amd64", ["version": "1"])]), section(.services, [web]))
        try await fleet.send("a", section(.packages, [item("dpkg:a:amd64", ["version": "2"])]), section(.services, []))
        let host = try #require(await fleet.host("a")).id
        let events = try await fleet.store.history(of: host, before: nil, asOf: nil, limit: 50).map(\.event)
        let change = ItemChange(key: "dpkg:a:amd64", before: ["version": "1"], after: ["version": "2"])
        #expect(
            events.contains(
                .itemsChanged(
                    ci: host, section: .packages, changes: [change], total: 1, source: "agent:a", firstSight: false)))
        let service = try #require(await fleet.child("python3:8080", of: host)).id
        #expect(events.contains(.ciStateChanged(ci: service, from: .active, to: .vanished)))
    }

    @Test("hostile values are kept or refused, never fatal")
    func hostile() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        let cafe = ["caf\u{e9}", "cafe\u{301}"]
        let answer = try await fleet.send(
            "a",
            section(
                .memory,
                [item("", ["size_bytes": .integer(.max), "low": .integer(.min), "free": .real(-1e300)])]),
            section(.interfaces, cafe.map { item($0, ["mtu": .integer(1500)]) }),
            section(.packages, [item(String(repeating: "k", count: 64 << 10), ["version": "1"])]),
            section(.os, [item("", ["name": .text("'; DROP TABLE ci; --\u{0}".replacingNUL)])]))
        #expect(answer.refused.count == 1)
        let host = try #require(await fleet.host("a")).id
        #expect(try await fleet.store.children(of: host, asOf: nil).count == 1)
        let facts = try await fleet.store.attributes(of: host, asOf: nil)
        #expect(facts.first { $0.name == "memory.size_bytes" }?.value == .integer(.max))
        #expect(facts.first { $0.name == "memory.free" }?.value == .real(-1e300))
    }

    @Test("a frame that cannot be read is refused and does not stop those behind it")
    func unreadable() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        var batch = try fleet.batch("a", [section(.system, system("one")), section(.system, system("two"))])
        batch.frames[0].payload = Array("{\"subject\":".utf8)
        let answer = try await fleet.ingest.accept(agent: "a", batch: batch)
        #expect(answer.refused.map(\.sequence) == [batch.frames[0].sequence])
        #expect(answer.stored == 1)
        #expect(answer.acknowledged == batch.frames[1].sequence)
        #expect(try await fleet.ingest.accept(agent: "a", batch: batch).duplicates == 2)
    }

    @Test("two agents that discover one device at once make one CI")
    func race() async throws {
        let fleet = try Fleet()
        let agents = (0..<8).map { "agent-\($0)" }
        for agent in agents { try await fleet.enrol(agent) }
        let facts = [item("", ["name": "sw1", "serial": "FOC1234A1BC", "vendor": "Cisco"])]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for agent in agents {
                group.addTask { try await fleet.send(agent, section(.system, facts, of: .device(target: "sw"))) }
            }
            try await group.waitForAll()
        }
        #expect(try await fleet.all(.device).count == 1)
    }
}

extension String {
    fileprivate var replacingNUL: String { String(filter { $0 != "\u{0}" }) }
}

@Suite("Large reports")
struct LargeReportTests {
    @Test("thousands of parts inside a host are taken, and taken again without a change")
    func manyChildren() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        let items = (0..<2000).map { item("veth\($0)", ["mtu": .integer(1500)]) }
        try await fleet.send("a", section(.interfaces, items))
        let feed = try await fleet.store.newestCursor()
        try await fleet.send("a", section(.interfaces, items))
        #expect(try await fleet.store.newestCursor() == feed)
        let host = try #require(await fleet.host("a")).id
        #expect(try await fleet.store.children(of: host, asOf: nil).count == 2000)
    }

    @Test("more than a host can have is refused with the limit")
    func tooMany() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        let all = (0..<Limits.itemsPerPart + 1).map { item("veth\($0)", [:]) }
        let digest = SectionDigest.digest(of: all)
        let halves = [Array(all.prefix(10_000)), Array(all.dropFirst(10_000))]
        let reports = halves.enumerated().map { index, items in
            Report.inventory(
                InventoryReport(
                    subject: .host, section: .interfaces, digest: digest, isComplete: true,
                    body: .full(items: items, part: index + 1, parts: 2)))
        }
        try await fleet.send("a", reports[0])
        let answer = try await fleet.send("a", reports[1])
        #expect(answer.refused.first?.reason.contains("limit 20000") == true)
    }
}
