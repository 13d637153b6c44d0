import FoundationEssentials
import Model
import SQLiteStores
import Stores
import Testing

@testable import CollectorServices
@testable import LinuxSystem

@Suite("The doctor")
struct DoctorTests {
    private let directory: String
    private let store: SQLiteStore
    private let now = Timestamp(seconds: 1_800_000_000)

    init() throws {
        directory = FileManager.default.temporaryDirectory.path + "/muster-doctor-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let moment = now
        store = try SQLiteStore(path: directory + "/muster.db", now: { moment })
    }

    private func doctor(_ certificates: [Doctor.Certificate] = [], channels: [String] = ["mail"]) -> Doctor {
        let moment = now
        return Doctor(
            store: store, certificates: { certificates }, stateDirectory: directory, channels: channels, now: { moment }
        )
    }

    private func commit(_ agents: [AgentChange]) async throws {
        var set = ChangeSet()
        set.agents = agents
        _ = try await store.commit(set)
    }

    private func commit(_ notification: NotificationRecord) async throws {
        var set = ChangeSet()
        set.cmdb = [.addCI(id: CIID(1), className: .host, name: "web-01", parent: nil)]
        set.incidents = [
            .put(
                IncidentRecord(
                    number: 1, state: .new, title: "t", ci: CIID(1), impact: .high, urgency: .high,
                    priority: Priority(rawValue: 1),
                    affected: [], openedAt: now))
        ]
        set.notifications = [.put(notification)]
        _ = try await store.commit(set)
    }

    private func look(_ doctor: Doctor) async throws -> [Doctor.Finding] {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        return try await doctor.findings()
    }

    @Test("A fresh installation has one finding per area at least, and no error")
    func fresh() async throws {
        let end = Doctor.Certificate(
            name: "fleet CA", notAfter: now.adding(seconds: 86_400 * 3000), warningDays: 365, next: "x")
        let findings = try await look(doctor([end]))
        for area in Doctor.Area.allCases { #expect(findings.contains { $0.area == area }, "\(area)") }
        #expect(!findings.contains { $0.level == .error && $0.area != .disk })
    }

    @Test("Whatever is not in order says what to do")
    func advice() async throws {
        try await commit(trouble)
        for finding in try await look(doctor(channels: [])) where finding.level != .ok {
            #expect(!finding.next.isEmpty, "\(finding.text)")
        }
    }

    @Test("A silent agent, a late clock, a full spool, an ended certificate and failed work are named with their host")
    func agents() async throws {
        try await commit(trouble)
        let findings = try await look(doctor())
        func has(_ area: Doctor.Area, _ level: Doctor.Level, _ text: String) -> Bool {
            findings.contains { $0.area == area && $0.level == level && $0.text.contains(text) }
        }
        #expect(has(.agents, .error, "web-01 (a1) is silent since"))
        #expect(has(.clocks, .error, "web-01 (a1) is 90000 ms late"))
        #expect(has(.queues, .warning, "500 envelopes wait in the spool of web-01"))
        #expect(has(.queues, .error, "web-01 (a1) lost 40 envelopes within a day: the spool is full"))
        #expect(has(.certificates, .error, "web-01 (a1) ended 2 days ago"))
        #expect(has(.receipts, .warning, "web-01: inventory/packages ended with failure: no dpkg"))
        #expect(has(.agents, .ok, "1 agents are revoked"))
        #expect(!findings.contains { $0.text.contains("db-01") })
    }

    private var trouble: [AgentChange] {
        [
            .addAgent(id: "a1", hostname: "web-01", machineID: "m1", version: "1"),
            .addCertificate(serial: "01", agent: "a1", notAfter: now.adding(seconds: -2 * 86_400 - 60)),
            .heard(agent: "a1", at: now.adding(seconds: -600), clockSkew: -90_000),
            .setCounters(agent: "a1", epoch: 7, enqueued: 900, acknowledged: 360, dropped: 40),
            .gap(agent: "a1", epoch: 7, first: 1, last: 40, count: 40, cause: "the spool is full"),
            .receipt(
                agent: "a1",
                receipt: Receipt(
                    source: "inventory/packages", outcome: .failure, found: 0, milliseconds: 1, message: "no dpkg")),
            .setSilent(agent: "a1", silent: true),
            .addAgent(id: "a2", hostname: "db-01", machineID: "m2", version: "1"),
            .heard(agent: "a2", at: now, clockSkew: 90_000), .setSilent(agent: "a2", silent: true),
            .revoke(agent: "a2", reason: "sold", by: "root"),
        ]
    }

    @Test(
        "The collector's own certificates are a warning before their end and an error shortly before it",
        arguments: [(400, .ok), (29, .warning), (6, .error), (-1, .error)] as [(Int64, Doctor.Level)])
    func certificates(days: Int64, level: Doctor.Level) async throws {
        let certificate = Doctor.Certificate(
            name: "server certificate", notAfter: now.adding(seconds: days * 86_400), warningDays: 30, next: "restart")
        let findings = try await look(doctor([certificate]))
        #expect(findings.contains { $0.text.hasPrefix("server certificate end") && $0.level == level })
    }

    @Test("A channel that fails is an error with its answer; without any channel nobody is told")
    func channels() async throws {
        let record = NotificationRecord(
            id: 1, dedupeKey: "k", channel: "mail", incident: 1, event: "opened", subject: "s", body: "b",
            state: .failed, attempts: 5, nextAttemptAt: nil, lastAnswer: "not connected", createdAt: now, endedAt: now)
        try await commit(record)
        let findings = try await doctor().channelFindings()
        #expect(findings.map(\.level) == [.error])
        #expect(findings.first?.text.contains("not connected") == true)
        let later = Doctor(
            store: store, certificates: { [] }, stateDirectory: directory, channels: [],
            now: { [now] in now.adding(seconds: 90_000) })
        #expect(try await look(later).contains { $0.area == .channels && $0.text.contains("nobody is told") })
    }

    @Test(
        "A full disk is a warning from 90 percent on and an error from 97 on, in bytes or in files",
        arguments: [
            (100, 100, 11, 50, Doctor.Level.ok), (100, 100, 10, 50, .warning), (100, 100, 3, 50, .error),
            (100, 100, 50, 10, .warning), (100, 100, 50, 2, .error), (0, 0, 0, 0, .ok),
        ] as [(UInt64, UInt64, UInt64, UInt64, Doctor.Level)])
    func disk(size: UInt64, inodes: UInt64, free: UInt64, freeInodes: UInt64, level: Doctor.Level) {
        let space = FilesystemSpace(
            sizeBytes: size, freeBytes: free, availableBytes: free, inodes: inodes, freeInodes: freeInodes)
        #expect(Doctor.room(space, at: "/x").level == level)
        try? FileManager.default.removeItem(atPath: directory)
    }

    @Test("Names a slip away are offered, others are not")
    func nearNames() {
        let names = ["web-01", "web-02", "WEB-1", "database", "db"]
        #expect(NearNames.near("web-0l", among: names).prefix(2) == ["web-01", "web-02"])
        #expect(NearNames.near("wbe-01", among: names).first == "web-01")
        #expect(NearNames.near("datbase", among: names) == ["database"])
        #expect(NearNames.near("printer", among: names).isEmpty)
        #expect(NearNames.near("x", among: names).isEmpty)
        #expect(NearNames.near(String(repeating: "a", count: 65), among: names).isEmpty)
        #expect(NearNames.slips(Array("ca".utf8), Array("abc".utf8)) == 3)
        try? FileManager.default.removeItem(atPath: directory)
    }
}
