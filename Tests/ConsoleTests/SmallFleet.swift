import CollectorServices
import HTTPAPI
import Model
import SQLiteStores
import Stores

@testable import Console

/// A small fleet in a bench's store: host 3 with service 5 and interface 7, business service 9, and a past.
struct SmallFleet {
    let bench: ConsoleBench
    let viewer: SignedInPerson

    init(_ names: (Int) -> String = { "name-\($0)" }) async throws {
        bench = try ConsoleBench()
        viewer = try await bench.person("mei", .viewer)
        try await commit(
            [
                .addSource(id: 1, kind: "agent", name: "agent-" + String(repeating: "a", count: 32)),
                .addSource(id: 2, kind: "person", name: names(0)),
                .addObject(id: 30, source: 1, scope: "host", key: "", className: .host, parent: nil),
                .addObject(id: 31, source: 2, scope: "host", key: names(1), className: .host, parent: nil),
                .addObject(id: 50, source: 1, scope: "host", key: names(2), className: .service, parent: 30),
                .addObject(id: 70, source: 1, scope: "host", key: names(3), className: .interface, parent: 30),
                .addObject(id: 90, source: 2, scope: names(4), key: "", className: .businessService, parent: nil),
                .addCI(id: CIID(3), className: .host, name: names(5), parent: nil),
                .addCI(id: CIID(5), className: .service, name: names(6), parent: CIID(3)),
                .addCI(id: CIID(7), className: .interface, name: names(7), parent: CIID(3)),
                .addCI(id: CIID(9), className: .businessService, name: names(8), parent: nil),
                .bind(object: 30, ci: CIID(3)), .bind(object: 31, ci: CIID(3)), .bind(object: 50, ci: CIID(5)),
                .bind(object: 70, ci: CIID(7)), .bind(object: 90, ci: CIID(9)),
                .observe(object: 30, attribute: "system.model", value: .text(names(9))),
                .observe(object: 31, attribute: "system.model", value: .text(names(10))),
                .setAttribute(ci: CIID(3), attribute: "system.model", value: .text(names(9)), object: 30),
                .setAttribute(ci: CIID(3), attribute: names(11), value: .list([names(12), "b"]), object: 30),
                .setAttribute(ci: CIID(3), attribute: "memory.size_bytes", value: 25_276_063_744, object: 30),
                .setItem(object: 30, section: .packages, key: names(13), attributes: [names(14): .text(names(15))]),
                .setItem(object: 30, section: .init(rawValue: names(16)), key: "k", attributes: ["version": "1"]),
                .addRelation(.init(source: CIID(5), kind: .runsOn, target: CIID(3), object: 50, confidence: 100)),
                .addRelation(.init(source: CIID(7), kind: .partOf, target: CIID(3), object: 70, confidence: 100)),
                .addRelation(.init(source: CIID(9), kind: .dependsOn, target: CIID(5), object: 90, confidence: 80)),
            ],
            [
                .ciCreated(ci: CIID(3), className: .host, name: names(5)),
                .attributesChanged(
                    ci: CIID(3), changes: [.init(name: names(11), before: .text(names(9)), after: nil)],
                    source: "person:" + names(0), firstSight: false),
                .itemsChanged(
                    ci: CIID(3), section: .packages,
                    changes: [
                        .init(key: names(13), before: nil, after: [names(14): .text(names(15))]),
                        .init(
                            key: names(12), before: ["version": .text(names(1))], after: ["version": .text(names(2))]),
                    ], total: 2, source: "agent:a", firstSight: false),
                .relationAdded(.init(source: CIID(9), kind: .dependsOn, target: CIID(5), object: 90, confidence: 80)),
                .ciRenamed(ci: CIID(5), from: names(3), to: names(6)),
                .checkReported(
                    ci: CIID(3), agent: "a",
                    result: CheckResult(
                        check: "c", kind: "http", subject: .host, state: .critical, message: names(4), failuresInRow: 1,
                        milliseconds: 5)),
                .agentSilent(ci: CIID(3), agent: "a", seconds: 100),
            ])
        var set = ChangeSet()
        set.alarms = [
            .put(
                AlarmRecord(
                    id: 100, key: AlarmKey(ci: CIID(5), rule: "r", instance: names(7)), state: .firing,
                    severity: .critical, summary: names(8), value: names(9), since: Timestamp(seconds: 5),
                    firedAt: Timestamp(seconds: 6), incident: 200, occurrences: 1), reason: names(1))
        ]
        set.incidents = [
            .put(
                IncidentRecord(
                    number: 200, state: .new, title: names(2), ci: CIID(3), impact: .high, urgency: .high,
                    priority: Priority(rawValue: 1), affected: [], openedAt: Timestamp(seconds: 7)))
        ]
        set.events = [
            .alarmChanged(
                id: 100, key: AlarmKey(ci: CIID(5), rule: "r", instance: names(7)), from: .pending, to: .firing)
        ]
        _ = try await bench.store.commit(set)
    }

    func commit(_ changes: [CMDBChange], _ events: [FeedEvent] = []) async throws {
        var set = ChangeSet()
        set.cmdb = changes
        set.events = events
        _ = try await bench.store.commit(set)
    }

    static let paths = [
        "/ci", "/ci?query=name", "/ci?class=host&state=all", "/ci?state=retired", "/ci/3", "/ci/5", "/ci/7", "/ci/9",
        "/ci/3/items/packages", "/ci/3/items/packages?find=a", "/ci/3/items/nothing", "/ci/3/history", "/ci/5/history",
        "/ci/3/links/inside-service", "/ci/5/links/relation-depends-on-in", "/ci/5/links/nothing",
        "/ci/3/metrics", "/ci/7/metrics?hours=72", "/map", "/map?open=-&below=3", "/impact", "/impact?ci=3",
        "/impact?ci=3&ci=9&depth=2",
        "/impact?ci=9&direction=dependencies", "/impact?find=name", "/impact?ci=3&only=service",
        "/impact?ci=3&find=name",
    ]
}
