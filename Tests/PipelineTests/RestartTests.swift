import Alarms
import Model
import Stores
import Testing

@testable import CollectorServices

@Suite("restarts, replays and floods")
struct RestartTests {
    @Test("C5: a restart at any point makes no twin and misses no clear", arguments: 0..<4)
    func restartAt(point: Int) async throws {
        let bench = try await PipelineBench()
        try await bench.check(.critical)
        if point == 0 { try await bench.restart() }
        try await bench.settleAlarms()
        if point == 1 { try await bench.restart() }
        try await bench.settle()
        if point == 2 { try await bench.restart() }
        try await bench.check(.ok)
        if point == 3 { try await bench.restart() }
        try await bench.settle()
        #expect(try await bench.allAlarms().map(\.state) == [.cleared])
        let incidents = try await bench.allIncidents()
        #expect(incidents.map(\.state) == (point < 4 ? [.resolved] : []))
        let number = try #require(incidents.first?.number)
        #expect(try await bench.store.notifications(ofIncident: number).map(\.event) == ["opened", "resolved"])
        #expect(try await bench.store.timeline(of: number).map(\.kind) == [.opened, .changed, .alarm, .resolved])
    }

    @Test("reading the whole feed again from an unsaved cursor changes nothing")
    func replay() async throws {
        let bench = try await PipelineBench()
        try await bench.check(.ok)
        try await bench.settle()
        #expect(try await bench.store.cursor(of: AlarmPipeline.reader) == .start)
        try await bench.restart()
        try await bench.settle()
        try await bench.check(.critical)
        try await bench.settle()
        let saved = try await bench.store.cursor(of: AlarmPipeline.reader)
        #expect(saved > .start)
        let before = (try await bench.allAlarms(), try await bench.allIncidents())
        // A second reader that starts over must be refused by the saved cursor, not apply anything twice.
        let moved = try await bench.alarms.step(from: .start, saved: .start)
        #expect(moved.cursor == saved)
        _ = try await bench.incidents.step(from: .start, saved: .start)
        #expect(try await bench.allAlarms() == before.0)
        #expect(try await bench.allIncidents() == before.1)
        #expect(try await bench.store.cursor(of: AlarmPipeline.reader) == saved)
    }

    @Test("a value's hold time is a row: it ends after a restart, and a restart does not begin it again")
    func timers() async throws {
        let bench = try await PipelineBench()
        let series = SeriesName("system.memory.utilization", ["system.memory.state": "used"])
        await bench.alarms.samplesArrived(
            ci: PipelineBench.host, agent: "a1", values: [Sample(series, 0.99)], at: bench.time.now)
        #expect(try await bench.allAlarms().map(\.state) == [.pending])
        bench.time.advance(seconds: 200)
        try await bench.restart()
        try await bench.serveTimers()
        #expect(try await bench.allAlarms().map(\.state) == [.pending])
        bench.time.advance(seconds: 101)
        try await bench.serveTimers()
        #expect(try await bench.allAlarms().map(\.state) == [.firing])
        await bench.alarms.samplesArrived(
            ci: PipelineBench.host, agent: "a1", values: [Sample(series, 0.5)], at: bench.time.now)
        #expect(try await bench.allAlarms().map(\.state) == [.cleared])
    }

    @Test("a wall clock that stands three days earlier after a restart neither fires nor freezes alarms")
    func clockBack() async throws {
        let bench = try await PipelineBench()
        let series = SeriesName("system.memory.utilization", ["system.memory.state": "used"])
        await bench.alarms.samplesArrived(
            ci: PipelineBench.host, agent: "a1", values: [Sample(series, 0.99)], at: bench.time.now)
        bench.time.advance(seconds: -259_200)
        try await bench.restart()
        #expect(try await bench.allAlarms().first?.dueAt == bench.time.now.adding(seconds: 300))
        bench.time.advance(seconds: 301)
        try await bench.serveTimers()
        #expect(try await bench.allAlarms().map(\.state) == [.firing])
    }

    @Test("an alarm whose rule was taken away ends at the next start")
    func ruleRemoved() async throws {
        let bench = try await PipelineBench()
        try await bench.check(.critical)
        try await bench.settle()
        bench.rules = RuleSet([])
        try await bench.restart()
        try await bench.settle()
        #expect(try await bench.allAlarms().map(\.state) == [.cleared])
        #expect(try await bench.allIncidents().map(\.state) == [.resolved])
    }

    @Test("ten thousand alarms at once on one CI are one incident and end, in bounded time")
    func flood() async throws {
        let bench = try await PipelineBench()
        let clock = ContinuousClock()
        let start = clock.now
        for state in [CheckState.critical, .ok] {
            for part in 0..<20 {
                let events = (0..<500).map { number in
                    FeedEvent.checkReported(
                        ci: PipelineBench.service, agent: "a1",
                        result: CheckResult(
                            check: "c\(part * 500 + number)", kind: "tcp", subject: .host, state: state, message: "m",
                            failuresInRow: state == .ok ? 0 : 2, milliseconds: 1))
                }
                try await bench.emit(events)
            }
            try await bench.settle()
            #expect(try await bench.allAlarms().count == 10_000)
            #expect(try await bench.allIncidents().count == 1)
        }
        #expect(try await bench.allIncidents().map(\.state) == [.resolved])
        let number = try #require(try await bench.allIncidents().first?.number)
        #expect(try await bench.store.notifications(ofIncident: number).count == 2)
        #expect(clock.now - start < .seconds(120))
    }
}
