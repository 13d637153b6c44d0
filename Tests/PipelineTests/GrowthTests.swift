import FoundationEssentials
import Logging
import Model
import SQLiteStores
import Stores
import Testing

@testable import CollectorServices

@Suite("Growth of file systems")
struct GrowthTests {
    private let now = Timestamp(seconds: 1_800_000_000)

    /// Means at the middle of each of the last days, the newest half a day old.
    private func days(_ values: [Double]) -> [(time: Timestamp, value: Double)] {
        values.enumerated().map { index, value in
            (now.adding(seconds: -86_400 * Int64(values.count - index) + 43_200), value)
        }
    }

    private func forecast(_ values: [Double]) -> FillForecast? { FillForecast.make(days(values), at: now) }

    @Test("a straight line is followed to its end")
    func line() throws {
        let found = try #require(forecast((0..<10).map { 0.5 + 0.02 * Double($0) }))
        // 0.68 half a day ago, so 0.69 now: 31 hundredths at two a day.
        #expect(abs(found.daysLeft - 15.5) < 1e-9 && abs(found.perDay - 0.02) < 1e-12 && found.basis == 10)
    }

    @Test("one day of another kind does not bend the line")
    func outlier() throws {
        var values = (0..<14).map { 0.5 + 0.01 * Double($0) }
        values[4] = 0.58
        values[9] = 0.57
        let found = try #require(forecast(values))
        #expect(abs(found.perDay - 0.01) < 0.001)
    }

    @Test("a full file system has no day left, and one that is ahead of the line is taken as it is")
    func ahead() throws {
        #expect(forecast([0.94, 0.95, 0.96, 0.97, 0.98, 0.99, 1, 1])?.daysLeft == 0)
        let found = try #require(forecast([0.50, 0.51, 0.52, 0.53, 0.54, 0.55, 0.56, 0.90]))
        #expect(abs(found.daysLeft - 0.1 / found.perDay) < 1e-9)
    }

    @Test(
        "nothing is said of a week that is not whole, of what rests, shrinks, goes up and down or takes years",
        arguments: [
            [], [0.5], [0.5, 0.51, 0.52, 0.53, 0.54, 0.55], [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
            [0.9, 0.89, 0.88, 0.87, 0.86, 0.85, 0.84, 0.83], [0.5, 0.53, 0.5, 0.53, 0.5, 0.53, 0.5, 0.53],
            [0.1, 0.1001, 0.1002, 0.1003, 0.1004, 0.1005, 0.1006, 0.1007],
            [.nan, .infinity, -1, 2, 7, .nan, 0.5, 0.6],
        ])
    func silence(values: [Double]) { #expect(forecast(values) == nil) }

    @Test("who makes room begins anew: a week after it there is a line again")
    func roomMade() throws {
        let before = (0..<10).map { 0.5 + 0.04 * Double($0) }
        #expect(forecast(before + [0.30, 0.31, 0.32]) == nil)
        let found = try #require(forecast(before + (0..<8).map { 0.30 + 0.01 * Double($0) }))
        #expect(abs(found.perDay - 0.01) < 1e-9 && found.basis == 8)
    }

    @Test("T1: days that are old or lie ahead, of a clock that jumped, say nothing")
    func clock() {
        let values = days((0..<10).map { 0.5 + 0.02 * Double($0) })
        #expect(FillForecast.make(values, at: now.adding(seconds: 4 * 86_400)) == nil)
        #expect(FillForecast.make(values, at: now.adding(seconds: -30 * 86_400)) == nil)
        #expect(FillForecast.make(values, at: now.adding(seconds: 10 * 366 * 86_400)) == nil)
    }

    @Test("values of weeks are an alarm that says in how many days, and none when room was made")
    func alarm() async throws {
        let bench = try await PipelineBench()
        let path = bench.directory + "/samples"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let samples = try SQLiteSampleStore(directory: path)
        let watch = GrowthWatch(
            store: bench.store, samples: samples, sink: bench.alarms, clock: bench.time.clock,
            logger: Logger(label: "test"))
        var sequence: UInt64 = 0
        func day(_ value: Double) async throws {
            sequence += 1
            bench.time.advance(seconds: 86_400)
            let series = ["/srv", "/boot"].map {
                SeriesName("system.filesystem.utilization", ["system.filesystem.mountpoint": $0])
            }
            try await samples.store(
                StoredSamples(
                    agent: "a", epoch: 1, sequence: sequence, ci: PipelineBench.host, receivedAt: bench.time.now,
                    values: [Sample(series[0], value), Sample(series[1], 0.3)]))
            _ = try await samples.retain(SampleRetention())
        }
        func alarms() async throws -> [AlarmRecord] {
            try await bench.store.openAlarms(of: PipelineBench.host).filter { $0.key.rule == "filesystem-filling" }
        }
        for number in 0..<9 { try await day(0.7 + 0.03 * Double(number)) }
        await watch.look()
        let found = try await alarms()
        #expect(found.map(\.key.instance) == ["/srv"] && found.map(\.state) == [.firing])
        #expect(found.first?.summary.hasPrefix("file system /srv on web-01 will be full in 2") == true)
        for _ in 0..<2 { try await day(0.4) }
        await watch.look()
        #expect(try await alarms().isEmpty)
    }
}
