import Logging
import Model
import Testing
import Wire

@testable import AgentRuntime

@Suite("WantHandler")
struct WantHandlerTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test("Each want is met by data: a kept section at once, another by a new reading, a look, names of series")
    func wants() async throws {
        var log = Logger(label: "test") { LineLog(label: $0) }
        log.logLevel = .critical
        let spool = Spool(
            directory: directory.path + "/spool", bounds: SpoolBounds(bytes: 1 << 20, age: 1000),
            seriesFile: directory.path + "/series.json", wake: WakeSignal(), log: { _ in })
        let reporter = Reporter(
            spool: spool, sections: directory.path + "/sections", sectionBytes: 64 << 20, freshness: .seconds(3600),
            log: log)
        let confirmations = Confirmations()
        let sections = SectionWants()
        let handler = WantHandler(
            reporter: reporter, spool: spool, confirmations: confirmations, inventoryWants: sections, log: log)
        await reporter.found(
            InventorySection(name: .os, items: [SectionItem(key: "", attributes: [:])]), subject: .host)
        await reporter.measured([Sample(SeriesName("a"), 1)], subject: .host)
        let before = await spool.standing().current.enqueued
        let device = sections.signal(device: "core")
        _ = confirmations.signal(for: "web")

        await handler.handle([
            .section(subject: .host, section: .os), .section(subject: .host, section: .packages),
            .section(subject: .device(target: "core"), section: .interfaces), .confirm(check: "web"),
            .confirm(check: "unknown\u{1b}[2J"), .dictionary,
            .section(subject: .named(className: "x", name: "y"), section: .os),
        ])

        #expect(await spool.standing().current.enqueued == before + 1)
        #expect(sections.takeSections() == [.packages])
        #expect(sections.takeSections().isEmpty)
        #expect(confirmations.takeRequest(for: "web") && !confirmations.takeRequest(for: "unknown\u{1b}[2J"))
        let start = ContinuousClock.now
        await device.wait(atMost: .seconds(10))
        #expect(ContinuousClock.now - start < .seconds(5))
        await reporter.measured([Sample(SeriesName("a"), 2)], subject: .host)
        let last = try #require(await spool.next(maximumBytes: 1 << 20, maximumFrames: 100)?.frames.last)
        guard case .samples(let samples) = try ReportCodec.decode(last).report else {
            Issue.record("no samples")
            return
        }
        #expect(samples.introduced.map(\.series.metric) == ["a"])
    }

    @Test("Foreign text stays on its line and cannot steer a terminal")
    func printedText() {
        #expect(
            printed("a\nb\u{1b}[2J\u{0}\u{202e}\u{9b}\u{2028}") == "a\\u{a}b\\u{1b}[2J\\u{0}\\u{202e}\\u{9b}\\u{2028}")
        #expect(printed("grün 字") == "grün 字")
        #expect(printed(String(repeating: "x", count: 400)).unicodeScalars.count == 301)
    }
}
