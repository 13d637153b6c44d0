import LinuxSystem
import Model
import Testing

@testable import HostMetrics

@Suite("HostMetricRunner")
struct HostMetricRunnerTests {
    private struct Failing: HostMetric {
        static let name = "failing"
        mutating func read(_ root: SystemRoot) throws -> MetricReading { throw HostMetricError("no\nway") }
    }

    private struct Wild: HostMetric {
        static let name = "wild"
        mutating func read(_ root: SystemRoot) throws -> MetricReading {
            MetricReading([
                Sample(SeriesName("a"), .nan), Sample(SeriesName("b"), 1), Sample(SeriesName("c"), .infinity),
            ])
        }
    }

    @Test("one that fails does not stop the others, and each ends in a receipt")
    func failure() {
        var runner = HostMetricRunner(metrics: [Failing(), Wild(), LoadMetric()])
        let (samples, receipts) = RecordedFiles(["/proc/loadavg": "0.50 1.25 2 1/2 3\n"]).with { runner.read(root: $0) }
        #expect(samples.map(\.value) == [1, 0.5, 1.25, 2])
        #expect(receipts.map(\.source) == ["metric/failing", "metric/wild", "metric/load"])
        #expect(receipts.map(\.outcome) == [.failure, .truncated, .success])
        #expect(receipts.map(\.found) == [0, 1, 3])
        #expect(receipts[0].message == "no\\u{a}way")
    }

    @Test("an empty machine has no data and no failure")
    func empty() {
        var runner = HostMetricRunner()
        let (samples, receipts) = RecordedFiles().with { runner.read(root: $0) }
        #expect(samples.isEmpty)
        #expect(receipts.count == HostMetricCatalogue.names.count)
        #expect(receipts.allSatisfy { $0.outcome == .noData && !$0.message.isEmpty })
    }

    @Test("only those that are due are read, and state stays from reading to reading")
    func due() {
        var runner = HostMetricRunner()
        let files = RecordedFiles(["/proc/stat": "cpu  10 0 10 80 0 0 0 0\n", "/proc/uptime": "1.5 2\n"])
        let first = files.with { runner.read(root: $0, only: ["cpu"]) }
        #expect(first.receipts.map(\.outcome) == [.noData])
        let second = files.with { runner.read(root: $0, only: ["uptime"]) }
        #expect(second.samples == [Sample(SeriesName("system.uptime"), 1.5)])
        files.write("/proc/stat", Array("cpu  60 0 20 120 0 0 0 0\n".utf8))
        let third = files.with { runner.read(root: $0, only: ["cpu"]) }
        #expect(third.samples.first == Sample(SeriesName("system.cpu.utilization"), 0.6))
    }

    @Test(
        "on the running machine every metric succeeds, each series is there once and of a known family")
    func live() {
        var runner = HostMetricRunner()
        _ = runner.read(root: SystemRoot())
        let stat = { try? CPUTimes.read(SystemRoot()) }
        let before = stat()
        let deadline = ContinuousClock.now + .seconds(5)
        while stat() == before, ContinuousClock.now < deadline {}
        let (samples, receipts) = runner.read(root: SystemRoot())
        #expect(receipts.filter { $0.outcome == .failure }.isEmpty)
        #expect(samples.allSatisfy { MetricFamilies.named($0.series.metric) != nil })
        #expect(Set(samples.map(\.series)).count == samples.count)
        for name in [
            "system.cpu.utilization", "system.memory.usage", "system.uptime", "process.cpu.time",
            "system.process.count",
        ] {
            #expect(samples.contains { $0.series.metric == name })
        }
    }
}
