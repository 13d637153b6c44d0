import Logging
import Model
import Synchronization
import Testing
import Wire

@testable import AgentRuntime

@Suite("Heartbeat")
struct HeartbeatTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A clock that stands until it is moved.
    private final class Clock: Sendable {
        private let time = Mutex(ContinuousClock.now)
        func read() -> ContinuousClock.Instant { time.withLock { $0 } }
        func advance(seconds: Int) { time.withLock { $0 += .seconds(seconds) } }
    }

    private var spool: Spool {
        Spool(
            directory: directory.path + "/spool", bounds: SpoolBounds(bytes: 64 << 20, age: 1000),
            seriesFile: directory.path + "/series.json", wake: WakeSignal(), log: { _ in })
    }

    @Test("The standing is told once, and again when three quarters of the interval have passed")
    func due() async throws {
        let clock = Clock()
        let heartbeat = Heartbeat(spool: spool, interval: .seconds(60), generation: 7, now: clock.read)
        #expect(await heartbeat.takeDue()?.generation == 7)
        clock.advance(seconds: 44)
        #expect(await heartbeat.takeDue() == nil)
        clock.advance(seconds: 1)
        #expect(await heartbeat.takeDue() != nil)
    }

    @Test("By itself it is told a little later, so that values of the same interval take it along")
    func overdue() async throws {
        let clock = Clock()
        let heartbeat = Heartbeat(spool: spool, interval: .seconds(60), generation: 7, now: clock.read)
        #expect(await heartbeat.takeOverdue() != nil)
        #expect(await heartbeat.overdue == .seconds(72))
        clock.advance(seconds: 62)
        #expect(await heartbeat.takeOverdue() == nil)
        #expect(await heartbeat.takeDue() != nil)
        clock.advance(seconds: 72)
        #expect(await heartbeat.overdue == .seconds(3))
        #expect(await heartbeat.takeOverdue() != nil)
    }

    @Test("Metrics of one interval are one report, those read alone too, and the standing leaves in the same batch")
    func together() async throws {
        var log = Logger(label: "test") { LineLog(label: $0) }
        log.logLevel = .critical
        let spool = spool
        let reporter = Reporter(
            spool: spool, sections: directory.path + "/sections", sectionBytes: 64 << 20, freshness: .seconds(3600),
            log: log)
        let names = ["memory", "load", "filesystems", "clock"]
        var settings = RunningSettings(AgentConfiguration())
        settings.metrics = names.map { SourceSchedule(name: $0, interval: .seconds(60), isEnabled: true) }
        let service = MetricService(
            settings: SettingsBoard(settings),
            reporter: reporter, heartbeat: Heartbeat(spool: spool, interval: .seconds(60), generation: 1), helper: nil,
            sourceTime: .seconds(60))
        let running = Task { try await service.run() }
        defer { running.cancel() }
        var batch: Batch?
        for _ in 0..<100 where batch == nil {
            try await Task.sleep(for: .milliseconds(50))
            batch = await spool.next(maximumBytes: 1 << 20, maximumFrames: 100)
        }
        let reports = try #require(batch).frames.prefix(2).map { try ReportCodec.decode($0).report }
        guard case .status = reports.first, case .samples(let samples) = reports.last else {
            Issue.record("not the standing and the values: \(reports)")
            return
        }
        let metrics = samples.introduced.map(\.series.metric)
        for name in ["system.memory.usage", "system.cpu.load_average.1m", "system.filesystem.usage"] {
            #expect(metrics.contains(name))
        }
    }

    @Test("A reading that does not answer is told for each of its metrics, one in time is not")
    func unanswered() async throws {
        let reader = MetricReader(["load", "memory"], helper: nil)
        #expect(reader.overdue(.zero).isEmpty)
        reader.begin()
        let receipts = reader.overdue(.seconds(-1))
        #expect(reader.overdue(.seconds(3600)).isEmpty)
        if reader.isBusy {
            #expect(receipts.map(\.source) == ["metric/load", "metric/memory"])
            #expect(receipts.allSatisfy { $0.outcome == .truncated })
        }
        for _ in 0..<1000 where reader.isBusy { try await Task.sleep(for: .milliseconds(5)) }
        #expect(reader.overdue(.seconds(-1)).isEmpty)
    }

    @Test("While a reading goes on no second one begins, and what it found is taken once")
    func readings() async throws {
        let reader = MetricReader(["load"], helper: nil)
        #expect(reader.take() == nil)
        reader.begin()
        reader.begin()
        for _ in 0..<1000 where reader.isBusy { try await Task.sleep(for: .milliseconds(5)) }
        #expect(reader.take()?.receipts.count == 1)
        #expect(reader.take() == nil)
        reader.begin()
        for _ in 0..<1000 where reader.isBusy { try await Task.sleep(for: .milliseconds(5)) }
        #expect(reader.take()?.samples.isEmpty == false)
    }
}
