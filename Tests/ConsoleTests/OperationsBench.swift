import Alarms
import Model
import SQLiteStores
import Stores
import Testing

@testable import Console

/// Text that tries to be markup, a formula, a terminal command and a puzzle at once (threats X1–X4).
let hostile =
    "<script>alert(1)</script>\"'\u{301}><svg onload=x> javascript:alert(1) =cmd|' /C calc'!A0 "
    + "\u{1b}[2J\u{202e}gnp\u{200b} {{title}} {{{raw}}}"

extension ConsoleBench {
    /// A bench with the shipped rules and trouble in it: a host (CI 3) with a service (CI 5) that a business service
    /// (CI 7) needs, two firing alarms and a cleared one, an incident, a silence-able rule and an agent.
    static func inTrouble(named name: String = "web-01") async throws -> ConsoleBench {
        let bench = try ConsoleBench(
            rules: try RuleSet.load(directory: CatalogueTests.root + "/collector-config/rules"))
        var set = ChangeSet()
        set.cmdb = [
            .addSource(id: 1, kind: "agent", name: "agent-1"),
            .addObject(id: 2, source: 1, scope: "host", key: "", className: .host, parent: nil),
            .addCI(id: CIID(3), className: .host, name: name, parent: nil), .bind(object: 2, ci: CIID(3)),
            .addObject(id: 4, source: 1, scope: "host", key: "service:x", className: .service, parent: 2),
            .addCI(id: CIID(5), className: .service, name: name + " shop", parent: CIID(3)),
            .bind(object: 4, ci: CIID(5)),
            .addObject(id: 6, source: 1, scope: "host", key: "b", className: .businessService, parent: nil),
            .addCI(id: CIID(7), className: .businessService, name: "Shop " + name, parent: nil),
            .bind(object: 6, ci: CIID(7)),
            .addRelation(edge(5, .runsOn, 3)), .addRelation(edge(7, .dependsOn, 5)),
        ]
        set.events = [
            .ciCreated(ci: CIID(3), className: .host, name: name),
            .ciCreated(ci: CIID(5), className: .service, name: name + " shop"),
            .ciCreated(ci: CIID(7), className: .businessService, name: "Shop " + name),
            .relationAdded(edge(5, .runsOn, 3)), .relationAdded(edge(7, .dependsOn, 5)),
            .itemsChanged(
                ci: CIID(3), section: "packages",
                changes: [
                    ItemChange(
                        key: "deb:" + name + "openssl", before: ["version": .text("3.0.11")],
                        after: ["version": .text("3.0.13" + name)])
                ], total: 1, source: "agent:agent-1", firstSight: false),
        ]
        set.alarms = [
            .put(alarm(101, 3, "check-failed", .critical, .firing, name), reason: "condition holds"),
            .put(alarm(102, 5, "check-failed", .warning, .firing, name), reason: name),
            .put(alarm(103, 5, name, .major, .cleared, name), reason: "value 3"),
        ]
        set.incidents = [
            .put(incident(41, name)),
            .note(number: 41, TimelineEntry(time: now, kind: .note, who: name, text: name)),
        ]
        set.notifications = [
            .put(
                NotificationRecord(
                    id: 51, dedupeKey: "k", channel: name, incident: 41, event: name, subject: name, body: name,
                    state: .failed, nextAttemptAt: nil, lastAnswer: name, createdAt: now))
        ]
        for (place, holder) in [("192.0.2.0/24", "agent-1"), ("198.51.100.0/24", nil)] {
            guard let network = IPNetwork(place) else { continue }
            let lease = Lease(holder: holder, fence: holder == nil ? 0 : 3, since: holder.map { _ in now })
            set.sweeps.append(.put(SweepLease(policy: name, network: network, lease: lease), after: 0))
        }
        set.discoveries = [.put(discovery(61, name), keys: []), .put(discovery(62, name), keys: [])]
        set.agents = [
            .addAgent(id: "agent-1", hostname: name, machineID: "m", version: name),
            .setHost(agent: "agent-1", ci: CIID(3)), .setSilent(agent: "agent-1", silent: true),
            .addCertificate(serial: "1", agent: "agent-1", notAfter: now),
            .ledger(agent: "agent-1", epoch: 7, sequence: 1),
            .setCounters(agent: "agent-1", epoch: 7, enqueued: 9, acknowledged: 1, dropped: 0),
            .gap(agent: "agent-1", epoch: 7, first: 2, last: 4, count: 3, cause: name),
            .refused(agent: "agent-1", epoch: 7, sequence: 5, reason: name),
            .receipt(
                agent: "agent-1",
                receipt: Receipt(source: name, outcome: .failure, found: 0, milliseconds: 1, message: name)),
        ]
        _ = try await bench.store.commit(set)
        return bench
    }

    /// Something that was found: 61 waits, 62 is CI 3.
    private static func discovery(_ id: Int64, _ text: String) -> DiscoveryRecord {
        var finding = DiscoveryFinding(addresses: ["192.0.2.\(id)"], ways: DiscoveryWay.allCases)
        (finding.name, finding.about, finding.vendor, finding.model) = (text, text, text, text)
        (finding.serial, finding.kind, finding.chassisID, finding.refusalText) = (text, text, text, text)
        finding.refusal = .wrongSecret
        finding.ports = [22]
        finding.toldBy = [text]
        var record = DiscoveryRecord(
            id: id, finding: finding,
            sights: [DiscoverySight(agent: "agent-1", address: "192.0.2.\(id)", credential: text, at: now)], at: now)
        record.note = text
        if id == 62 { (record.state, record.ci, record.decidedBy) = (.linked, CIID(3), "collector") }
        return record
    }

    static var now: Timestamp { SQLiteStore.wallTime() }

    private static func edge(_ source: Int64, _ kind: RelationKind, _ target: Int64) -> RelationEdge {
        RelationEdge(source: CIID(source), kind: kind, target: CIID(target), object: 2, confidence: 100)
    }

    static func alarm(
        _ id: Int64, _ ci: Int64, _ rule: String, _ severity: Severity, _ state: AlarmState, _ text: String
    ) -> AlarmRecord {
        AlarmRecord(
            id: id, key: AlarmKey(ci: CIID(ci), rule: rule, instance: text + "\(id)"), state: state, severity: severity,
            summary: "alarm \(id) " + text, value: text, since: now, firedAt: now, incident: 41, occurrences: 1)
    }

    static func incident(_ number: Int64, _ text: String) -> IncidentRecord {
        IncidentRecord(
            number: number, state: .new, title: "incident \(number) " + text, ci: CIID(3), impact: .high,
            urgency: .high, priority: Priority(rawValue: 1),
            affected: [
                AffectedCI(
                    ci: CIID(7), className: .businessService, name: "Shop " + text,
                    path: ["host " + text, "service " + text, "business-service Shop " + text]),
                AffectedCI(ci: CIID(5), className: .service, name: text, path: ["host " + text, "service " + text]),
            ], team: text, openedAt: now)
    }

    /// Every page about operations.
    static let operations = [
        "/alarms", "/alarms?state=all&severity=critical&text=a&rule=check-failed&ci=3", "/alarms/101", "/alarms/103",
        "/silences", "/incidents", "/incidents?show=mine", "/incidents?show=resolved", "/incidents?show=closed",
        "/incidents/41", "/services", "/services/7", "/agents", "/agents?standing=silent&text=web", "/agents/agent-1",
        "/rules", "/rules/check-failed", "/discoveries", "/discoveries?show=linked", "/discoveries/61",
        "/discoveries/62",
    ]
}
