import Logging
import Model
import Testing
import Wire

@testable import AgentRuntime

@Suite("Reporter")
struct ReporterTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private struct Agent {
        let spool: Spool
        let reporter: Reporter

        /// Everything enqueued since the last call.
        func reports() async throws -> [Report] {
            var reports: [Report] = []
            while let batch = await spool.next(maximumBytes: 1 << 20, maximumFrames: 100) {
                reports += try batch.frames.map { try ReportCodec.decode($0).report }
                await spool.acknowledge(epoch: batch.epoch, from: 0, through: batch.frames.last?.sequence ?? 0)
            }
            return reports
        }

        func bodies() async throws -> [InventoryBody] {
            try await reports().compactMap { if case .inventory(let report) = $0 { report.body } else { nil } }
        }
    }

    private func agent(freshness: Duration = .seconds(3600), sectionBytes: Int = 64 << 20) -> Agent {
        var log = Logger(label: "test") { LineLog(label: $0) }
        log.logLevel = .critical
        let spool = Spool(
            directory: directory.path + "/spool", bounds: SpoolBounds(bytes: 64 << 20, age: 1000),
            seriesFile: directory.path + "/series.json", wake: WakeSignal(), log: { _ in })
        return Agent(
            spool: spool,
            reporter: Reporter(
                spool: spool, sections: directory.path + "/sections", sectionBytes: sectionBytes, freshness: freshness,
                log: log))
    }

    private func section(_ count: Int, isComplete: Bool = true) -> InventorySection {
        InventorySection(
            name: "packages", items: (0..<count).map { SectionItem(key: "p\($0)", attributes: ["version": "1"]) },
            isComplete: isComplete)
    }

    private func isFull(_ body: InventoryBody?) -> Bool { if case .full = body { true } else { false } }
    private func isDelta(_ body: InventoryBody?) -> Bool { if case .delta = body { true } else { false } }

    @Test("First whole, then nothing, then the difference; after a restart the digest, then differences again")
    func life() async throws {
        var agent = agent()
        await agent.reporter.found(section(50), subject: .host)
        await agent.reporter.found(section(50), subject: .host)
        #expect(try await agent.bodies().map(isFull) == [true])
        await agent.reporter.found(section(51), subject: .host)
        #expect(try await agent.bodies().map(isDelta) == [true])
        agent = self.agent()
        await agent.reporter.found(section(51), subject: .host)
        #expect(try await agent.bodies() == [.unchanged])
        await agent.reporter.found(section(52), subject: .host)
        #expect(try await agent.bodies().map(isDelta) == [true])
    }

    @Test("An unchanged section is mentioned again when its freshness is up")
    func freshness() async throws {
        let agent = agent(freshness: .zero)
        await agent.reporter.found(section(1), subject: .host)
        await agent.reporter.found(section(1), subject: .host)
        #expect(try await agent.bodies().last == .unchanged)
    }

    @Test("An incomplete section is never a base: the complete one after it is whole")
    func incomplete() async throws {
        let agent = agent()
        await agent.reporter.found(section(50), subject: .host)
        await agent.reporter.found(section(30, isComplete: false), subject: .host)
        await agent.reporter.found(section(30, isComplete: false), subject: .host)
        await agent.reporter.found(section(50), subject: .host)
        let reports = try await agent.reports().compactMap { report -> InventoryReport? in
            if case .inventory(let inventory) = report { inventory } else { nil }
        }
        #expect(reports.map(\.isComplete) == [true, false, true])
        #expect(reports.map(\.body).map(isFull) == [true, true, true])
    }

    @Test("A wanted section comes whole; one nobody knows does not come")
    func wanted() async throws {
        let agent = agent()
        await agent.reporter.found(section(5), subject: .device(target: "d"), address: "192.0.2.1")
        _ = try await agent.reports()
        #expect(await agent.reporter.sendWhole(subject: .device(target: "d"), section: "packages"))
        #expect(await !agent.reporter.sendWhole(subject: .host, section: "packages"))
        guard case .inventory(let report) = try await agent.reports().first else {
            Issue.record("nothing came")
            return
        }
        #expect(isFull(report.body) && report.address == "192.0.2.1" && report.subject == .device(target: "d"))
    }

    @Test("A damaged memory of a section costs one whole section")
    func damagedMemory() async throws {
        await agent().reporter.found(section(50), subject: .host)
        for name in TemporaryDirectory.names(in: directory.path + "/sections") {
            try directory.write([0x7b], to: "sections/" + name)
        }
        let agent = agent()
        _ = try await agent.reports()
        await agent.reporter.found(section(51), subject: .host)
        #expect(try await agent.bodies().map(isFull) == [true])
    }

    @Test(
        "A4: what the disk's budget has no room for is said once, sent whole at each change, and whole when it is wanted"
    )
    func diskBudget() async throws {
        let agent = agent(sectionBytes: 500)
        await agent.reporter.found(section(50), subject: .host)
        let first = try await agent.reports()
        let receipts = first.compactMap { if case .receipts(let list) = $0 { list } else { nil } }.flatMap { $0 }
        #expect(receipts.map(\.source) == ["disk/packages"] && receipts.map(\.outcome) == [.truncated])
        #expect(TemporaryDirectory.names(in: directory.path + "/sections").isEmpty)
        await agent.reporter.found(section(50), subject: .host)
        #expect(try await agent.reports().isEmpty)
        await agent.reporter.found(section(51), subject: .host)
        #expect(try await agent.bodies().map(isFull) == [true])
        // Nothing is kept that could be sent at once; the next reading brings it.
        #expect(await !agent.reporter.sendWhole(subject: .host, section: "packages"))
        await agent.reporter.found(section(51), subject: .host)
        #expect(try await agent.bodies().map(isFull) == [true])
        await agent.reporter.found(section(2), subject: .host)
        #expect(TemporaryDirectory.names(in: directory.path + "/sections").count == 1)
        let last = try await agent.reports().compactMap { if case .receipts(let list) = $0 { list } else { nil } }
        #expect(last.flatMap { $0 }.map(\.outcome) == [.success])
    }

    @Test("What was cut to the wire's limits is told as a receipt, and that it is no more")
    func cutToTheWire() async throws {
        let agent = agent()
        let long = SectionItem(key: "a", attributes: ["text": .text(String(repeating: "x", count: 100_000))])
        await agent.reporter.found(InventorySection(name: .os, items: [long]), subject: .host)
        await agent.reporter.found(InventorySection(name: .os, items: []), subject: .host)
        await agent.reporter.found(InventorySection(name: .os, items: []), subject: .host)
        let sent = try await agent.reports().compactMap { if case .receipts(let list) = $0 { list } else { nil } }
        #expect(sent.flatMap { $0 }.map(\.source) == ["wire/os", "wire/os"])
        #expect(sent.flatMap { $0 }.map(\.outcome) == [.truncated, .success])
    }

    @Test("Devices that are not configured any more are forgotten")
    func forgotten() async throws {
        var agent = agent()
        for name in ["a", "b"] { await agent.reporter.found(section(1), subject: .device(target: name)) }
        agent = self.agent()
        await agent.reporter.keepOnly(devices: ["a"])
        #expect(await agent.reporter.sendWhole(subject: .device(target: "a"), section: "packages"))
        #expect(await !agent.reporter.sendWhole(subject: .device(target: "b"), section: "packages"))
    }

    @Test("A receipt is sent when its outcome changes, not each time")
    func receipts() async throws {
        let agent = agent()
        for (outcome, milliseconds) in [(ReceiptOutcome.success, 1), (.success, 2), (.failure, 3), (.success, 4)] {
            await agent.reporter.ended([
                Receipt(source: "inventory/x", outcome: outcome, found: 0, milliseconds: Int64(milliseconds))
            ])
        }
        let sent = try await agent.reports().compactMap { if case .receipts(let list) = $0 { list } else { nil } }
        #expect(sent.flatMap { $0 }.map(\.milliseconds) == [1, 3, 4])
    }

    @Test("Series are named once per epoch and process, never twice with one number")
    func series() async throws {
        func samples(_ names: [String]) -> [Sample] { names.map { Sample(SeriesName($0), 1) } }
        var agent = agent()
        await agent.reporter.measured(samples(["a", "b"]), subject: .host)
        await agent.reporter.measured(samples(["a", "c"]), subject: .host)
        await agent.reporter.measured(samples(["a"]), subject: .device(target: "d"))
        await agent.reporter.measured([Sample(SeriesName("nan"), .nan)], subject: .host)
        var reports = try await agent.reports().compactMap { if case .samples(let found) = $0 { found } else { nil } }
        #expect(reports.map { $0.introduced.map(\.series.metric) } == [["a", "b"], ["c"], ["a"]])
        #expect(reports.map { $0.values.map(\.index) } == [[0, 1], [0, 2], [3]])
        await agent.spool.introduceSeriesAgain()
        await agent.reporter.measured(samples(["b"]), subject: .host)
        reports = try await agent.reports().compactMap { if case .samples(let found) = $0 { found } else { nil } }
        #expect(reports.map { $0.introduced.map(\.index) } == [[1]])
        agent = self.agent()
        await agent.reporter.measured(samples(["z", "b"]), subject: .host)
        reports = try await agent.reports().compactMap { if case .samples(let found) = $0 { found } else { nil } }
        #expect(reports.flatMap { $0.introduced.map { [$0.series.metric: $0.index] } } == [["z": 4], ["b": 1]])
    }

    @Test("A change of state and the first failures go at once, the rest together")
    func board() async throws {
        let agent = agent()
        let board = CheckBoard(reporter: agent.reporter)
        func result(_ state: CheckState, _ failures: Int, _ name: String = "web") -> CheckResult {
            CheckResult(
                check: name, kind: "tcp", subject: .host, state: state, message: "", failuresInRow: failures,
                milliseconds: 1)
        }
        func count() async throws -> [Int] {
            try await agent.reports().compactMap { if case .checks(let list) = $0 { list.count } else { nil } }
        }
        await board.take(result(.ok, 0))
        #expect(try await count() == [1])
        await board.take(result(.ok, 0))
        #expect(try await count() == [])
        await board.take(result(.ok, 0, "other"))
        #expect(try await count() == [1])
        await board.take(result(.ok, 0, "other"))
        await board.flush()
        #expect(try await count() == [2])
        await board.flush()
        #expect(try await count() == [])
        for failure in 1...12 { await board.take(result(.critical, failure)) }
        #expect(try await count() == Array(repeating: 1, count: 10))
        #expect(await board.failuresInRow("web") == 12)
        await board.take(result(.critical, 13), isAsked: true)
        #expect(try await count() == [1])
    }

    @Test("What checks measure goes with the next flush, the newest values alone, once")
    func measured() async throws {
        let agent = agent()
        let board = CheckBoard(reporter: agent.reporter)
        let result = CheckResult(
            check: "web", kind: "http", subject: .host, state: .ok, message: "", failuresInRow: 0, milliseconds: 1)
        func sent() async throws -> [[Double]] {
            try await agent.reports().compactMap { report in
                if case .samples(let found) = report { found.values.map(\.value) } else { nil }
            }
        }
        for value in 1...3 { await board.take(result, [Sample(SeriesName("a"), Double(value))]) }
        #expect(try await sent().isEmpty)
        await board.flush()
        #expect(try await sent() == [[3]])
        await board.flush()
        #expect(try await sent().isEmpty)
    }
}
