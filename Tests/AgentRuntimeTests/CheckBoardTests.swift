import Logging
import Model
import Testing
import Wire

@testable import AgentRuntime

@Suite("What checks found last")
struct CheckBoardTests {
    private let directory: TemporaryDirectory
    private let spool: Spool
    private let board: CheckBoard

    init() throws {
        directory = try TemporaryDirectory()
        var log = Logger(label: "test") { LineLog(label: $0) }
        log.logLevel = .critical
        spool = Spool(
            directory: directory.path + "/spool", bounds: SpoolBounds(bytes: 1 << 20, age: 1000),
            seriesFile: directory.path + "/series.json", wake: WakeSignal(), log: { _ in })
        board = CheckBoard(
            reporter: Reporter(
                spool: spool, sections: directory.path + "/sections", sectionBytes: 64 << 20, freshness: .seconds(3600),
                log: log))
    }

    private func result(_ check: String, _ state: CheckState) -> CheckResult {
        CheckResult(
            check: check, kind: "tcp", subject: .host, state: state, message: "m", failuresInRow: state == .ok ? 0 : 1,
            milliseconds: 1)
    }

    private func told() async throws -> [CheckResult] {
        try (await spool.next(maximumBytes: 1 << 20, maximumFrames: 100)?.frames ?? []).flatMap { frame in
            if case .checks(let results) = try ReportCodec.decode(frame).report { results } else { [] as [CheckResult] }
        }
    }

    @Test(
        "A check that is taken away is told once as ended, a run that was under way is not, and a new one of that name is"
    )
    func withdrawn() async throws {
        await board.take(result("web", .critical))
        await board.withdraw(["web", "never-run"])
        await board.take(result("web", .critical))
        await board.restate()
        let results = try await told()
        #expect(results.map(\.state) == [.critical, .unknown])
        #expect(results.last?.isWithdrawn == true && results.last?.message == "not checked any more")
        await board.admit(["web"])
        await board.take(result("web", .ok))
        #expect(try await told().last?.state == .ok)
    }
}
