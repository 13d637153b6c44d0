import CollectorServices
import FoundationEssentials
import Model
import SQLiteStores
import Stores
import Synchronization
import Wire

/// A collector's ingest over a store in a directory of its own, and agents that speak to it.
final class Fleet: Sendable {
    let store: SQLiteStore
    let samples: SQLiteSampleStore
    let ingest: IngestService
    let sink = RecordingSink()
    private let directory: String
    private let sequences = Mutex<[String: UInt64]>([:])

    init() throws {
        directory = FileManager.default.temporaryDirectory.path + "/muster-ingest-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        store = try SQLiteStore(path: directory + "/muster.db")
        samples = try SQLiteSampleStore(directory: directory)
        ingest = IngestService(store: store, samples: samples, sink: sink, now: SQLiteStore.wallTime)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Ingest over the file opened anew, as after a restart of the collector; the fleet's own store is closed.
    func reopened() throws -> IngestService {
        try store.close()
        return IngestService(
            store: try SQLiteStore(path: directory + "/muster.db"), samples: samples, sink: sink,
            now: SQLiteStore.wallTime)
    }

    /// Makes agents known, as enrolment does.
    func enrol(_ agents: String...) async throws {
        for agent in agents {
            var set = ChangeSet()
            set.agents = [.addAgent(id: agent, hostname: "claimed-\(agent)", machineID: "", version: "1")]
            _ = try await store.commit(set)
        }
    }

    /// Sends reports in one batch with fresh sequence numbers.
    @discardableResult
    func send(_ agent: String, _ reports: Report...) async throws -> AgentAnswer {
        try await ingest.accept(agent: agent, batch: try batch(agent, reports))
    }

    func batch(_ agent: String, _ reports: [Report], epoch: UInt64 = 1) throws -> Batch {
        let frames = try reports.map { report in
            let (kind, payload) = try ReportCodec.encode(report)
            let sequence = sequences.withLock { sequences in
                sequences[agent, default: 0] += 1
                return sequences[agent] ?? 0
            }
            return Frame(sequence: sequence, claimedTime: SQLiteStore.wallTime(), kind: kind.rawValue, payload: payload)
        }
        return Batch(epoch: epoch, frames: frames)
    }

    /// The host CI of an agent.
    func host(_ agent: String) async throws -> CIRecord? {
        try await store.object(sourceKind: "agent", sourceName: agent, scope: "host", key: "")?.ci
    }

    /// The CI of a device as an agent calls it.
    func device(_ agent: String, _ target: String) async throws -> CIRecord? {
        try await store.object(sourceKind: "snmp", sourceName: agent, scope: "device:\(target)", key: "")?.ci
    }

    func child(_ name: String, of ci: CIID?) async throws -> CIRecord? {
        guard let ci else { return nil }
        return try await store.children(of: ci, asOf: nil).first { $0.name == name }
    }

    func all(_ className: CIClass) async throws -> [CIRecord] {
        try await store.find(CIQuery(className: className, states: Set(CIState.allCases), limit: 1000))
    }
}

/// Remembers what came.
final class RecordingSink: SampleSink {
    let values = Mutex<[Sample]>([])

    func samplesArrived(ci: CIID, agent: String, values: [Sample], at: Timestamp) async {
        self.values.withLock { $0 += values }
    }
}

/// A whole section about a host or device.
func section(
    _ name: SectionName, _ items: [SectionItem], of subject: Subject = .host, address: String? = nil,
    isComplete: Bool = true
) -> Report {
    .inventory(
        InventoryReport(
            subject: subject, address: address, section: name, digest: SectionDigest.digest(of: items),
            isComplete: isComplete, body: .full(items: items, part: 1, parts: 1)))
}

func item(_ key: String, _ attributes: [String: AttributeValue]) -> SectionItem {
    SectionItem(key: key, attributes: attributes)
}

func system(_ hostname: String, _ more: [String: AttributeValue] = [:]) -> [SectionItem] {
    [item("", more.merging(["hostname": .text(hostname)]) { first, _ in first })]
}
