import Model
import Stores
import Synchronization
import Testing
import Wire

@testable import CollectorServices

@Suite("Reports that newer ones overtook")
struct OvertakenTests {
    private func overtaken(_ fleet: Fleet, _ reports: [Report]) throws -> Batch {
        var batch = try fleet.batch("a1", reports)
        batch.isOvertaken = true
        return batch
    }

    private func check(_ state: CheckState, _ failures: Int) -> Report {
        .checks([
            CheckResult(
                check: "web", kind: "tcp", subject: .host, state: state, message: "\(state)", failuresInRow: failures,
                milliseconds: 1)
        ])
    }

    private func samples(_ value: Double) -> Report {
        let series = SeriesName("load.1m")
        return .samples(
            SampleReport(
                subject: .host, introduced: [IndexedSeries(index: 1, series: series)],
                values: [IndexedValue(index: 1, value: value)]))
    }

    private func receipt(_ outcome: ReceiptOutcome) -> Report {
        .receipts([Receipt(source: "packages", outcome: outcome, found: 1, milliseconds: 1, message: "\(outcome)")])
    }

    @Test("A7: sections, checks and receipts of before change no state, alarms hear no value; all are in the ledger")
    func states() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a1")
        let old = try overtaken(
            fleet,
            [
                section(.system, system("old-name")), check(.critical, 3), samples(99), receipt(.failure),
                .gap(GapReport(cause: "bytes", epoch: 1, first: 900, last: 901, count: 2)),
            ])
        try await fleet.send("a1", section(.system, system("new-name")), check(.ok, 0), samples(1), receipt(.success))
        let events = try await fleet.store.entries(after: .start, limit: 1000).count
        let answer = try await fleet.ingest.accept(agent: "a1", batch: old)
        #expect(answer.stored == 5 && answer.refused.isEmpty && answer.wants.isEmpty)
        #expect(try await fleet.host("a1")?.name == "new-name")
        #expect(try await fleet.store.newestResult(agent: "a1", check: "web")?.result.state == .ok)
        #expect(fleet.sink.values.withLock { $0.map(\.value) } == [1])
        #expect(try await fleet.store.entries(after: .start, limit: 1000).count == events)
        let books = try await fleet.store.ledger(of: "a1")
        #expect(books.map(\.stored) == [9])
        // The values themselves are kept, and so is what was declared lost.
        let ci = try #require(try await fleet.host("a1")?.id)
        let kept = try await fleet.samples.values(
            of: ci, series: SeriesName("load.1m"), from: Timestamp(seconds: 0), to: .distantTestFuture, limit: 9)
        #expect(Set(kept.map(\.value)) == [1, 99])
        let again = try await fleet.ingest.accept(agent: "a1", batch: old)
        #expect(again.stored == 0 && again.duplicates == 5)
    }

    @Test("A7: differences on a base of before ask for nothing")
    func differences() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a1")
        let late = try overtaken(
            fleet,
            [
                .inventory(
                    InventoryReport(
                        subject: .host, section: .system, digest: SectionDigest.digest(of: system("x")),
                        isComplete: true,
                        body: .delta(base: SectionDigest.digest(of: system("w")), upserts: system("x"), removals: [])))
            ])
        try await fleet.send("a1", section(.system, system("now")))
        #expect(try await fleet.ingest.accept(agent: "a1", batch: late).wants.isEmpty)
        #expect(try await fleet.host("a1")?.name == "now")
    }
}

extension Timestamp {
    fileprivate static let distantTestFuture = Timestamp(seconds: 32_503_680_000)
}
