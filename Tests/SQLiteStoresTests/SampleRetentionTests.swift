import Foundation
import Model
import Stores
import Testing

@testable import SQLiteStores

@Suite("Samples are summarised and go")
struct SampleRetentionTests {
    private let directory = NSTemporaryDirectory() + "muster-samples-" + UUID().uuidString
    private let load = SeriesName("system.cpu.load_average.1m")
    private let ci = CIID(7)

    private func store() throws -> SQLiteSampleStore {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        return try SQLiteSampleStore(directory: directory)
    }

    private func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

    private func add(_ store: SQLiteSampleStore, _ time: String, _ value: Double, sequence: UInt64) async throws {
        try await store.store(
            StoredSamples(
                agent: "a", epoch: 1, sequence: sequence, ci: ci, receivedAt: try moment(time),
                values: [Sample(load, value)]))
    }

    private func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).filter {
            $0.hasSuffix(".db") && !$0.hasPrefix("dict")
        }
        .sorted()
    }

    private func values(_ store: SQLiteSampleStore, _ from: String, _ to: String) async throws -> [Double] {
        try await store.values(of: ci, series: load, from: try moment(from), to: try moment(to), limit: 1000).map(
            \.value)
    }

    @Test("Days that are over become hours and days; raw files beyond the kept ones go; reading goes on")
    func rolled() async throws {
        let store = try store()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await add(store, "2026-11-20T10:00:00Z", 1, sequence: 1)
        try await add(store, "2026-11-20T10:59:59Z", 3, sequence: 2)
        try await add(store, "2026-11-20T23:00:00Z", 8, sequence: 3)
        try await add(store, "2026-11-21T00:00:00Z", 5, sequence: 4)
        try await add(store, "2026-11-22T00:00:00Z", 6, sequence: 5)
        let report = try await store.retain(SampleRetention(rawDays: 2, hourlyMonths: 1))
        #expect(report.summarised == ["2026-11-20", "2026-11-21"])
        #expect(report.removed == ["samples-2026-11-20.db"])
        #expect(
            try files() == ["days-2026.db", "hours-2026-11.db", "samples-2026-11-21.db", "samples-2026-11-22.db"])
        #expect(try await values(store, "2026-11-20T00:00:00Z", "2026-11-22T23:00:00Z") == [2, 8, 5, 6])
        #expect(try await store.retain(SampleRetention(rawDays: 2, hourlyMonths: 1)) == SampleRetentionReport())
    }

    @Test("When the hours are gone, too, daily means are left")
    func daily() async throws {
        let store = try store()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await add(store, "2026-09-20T10:00:00Z", 2, sequence: 1)
        try await add(store, "2026-09-20T20:00:00Z", 4, sequence: 2)
        try await add(store, "2026-10-01T00:00:00Z", 5, sequence: 3)
        try await add(store, "2026-11-01T00:00:00Z", 6, sequence: 4)
        _ = try await store.retain(SampleRetention(rawDays: 1, hourlyMonths: 1))
        #expect(try files() == ["days-2026.db", "hours-2026-10.db", "samples-2026-11-01.db"])
        #expect(try await values(store, "2026-09-20T00:00:00Z", "2026-09-20T23:59:59Z") == [3])
    }

    @Test("M27: a clock that jumps ten years ahead removes one day at most, and one that jumps back none")
    func jump() async throws {
        let store = try store()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for day in 20...25 { try await add(store, "2026-11-\(day)T00:00:00Z", 1, sequence: UInt64(day)) }
        _ = try await store.retain(SampleRetention(rawDays: 6, hourlyMonths: 4))
        try await add(store, "2036-11-26T00:00:00Z", 1, sequence: 90)
        #expect(
            try await store.retain(SampleRetention(rawDays: 6, hourlyMonths: 4)).removed == ["samples-2026-11-20.db"])
        try await add(store, "1999-01-01T00:00:00Z", 1, sequence: 91)
        let removed = try await store.retain(SampleRetention(rawDays: 6, hourlyMonths: 4)).removed
        #expect(removed == ["samples-1999-01-01.db"])
    }
}
