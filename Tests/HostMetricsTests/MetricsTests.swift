import Model
import Testing

@testable import HostMetrics
@testable import LinuxSystem

@Suite("Host metrics")
struct MetricsTests {
    private func values(_ reading: MetricReading) -> [String: Double] {
        var values: [String: Double] = [:]
        for sample in reading.samples {
            let attributes = sample.series.attributes.sorted { $0.key < $1.key }.map(\.value)
            values[([sample.series.metric] + attributes).joined(separator: "|")] = sample.value
        }
        return values
    }

    private func read(_ metric: some HostMetric, _ path: String, _ content: [UInt8]) throws -> MetricReading {
        let files = RecordedFiles()
        files.write(path, content)
        var metric = metric
        return try files.with { try metric.read($0) }
    }

    @Test("shares of processor time add up to 1, also when a counter falls")
    func cpu() throws {
        var metric = CPUMetric()
        let files = RecordedFiles(["/proc/stat": "cpu  100 10 50 800 40 1 1 2 0 0\ncpu0 1 1 1 1\n"])
        let first = try files.with { try metric.read($0) }
        #expect(first.outcome == .noData)
        let sameMoment = try files.with { try metric.read($0) }
        #expect(sameMoment.outcome == .noData)
        files.write("/proc/stat", Array("cpu  150 10 60 830 30 6 1 7 0 0\n".utf8))
        let found = values(try files.with { try metric.read($0) })
        #expect(found["system.cpu.utilization"] == 0.7)
        #expect(found["system.cpu.utilization|user"] == 0.5)
        #expect(found["system.cpu.utilization|iowait"] == 0)
        #expect(found["system.cpu.utilization|steal"] == 0.05)
        #expect(abs(found.filter { $0.key.contains("|") }.values.reduce(0, +) - 1) < 1e-9)
        files.write("/proc/stat", Array("cpu  18446744073709551615 0 0 18446744073709551615\n".utf8))
        let highest = try files.with { try metric.read($0) }
        #expect(!highest.samples.isEmpty)
        #expect(highest.samples.allSatisfy { (0...1).contains($0.value) })
    }

    @Test("the states of memory add up to the memory there is")
    func memory() throws {
        let text = "MemTotal: 1000 kB\nMemFree: 200 kB\nMemAvailable: 600 kB\nSwapTotal: 100 kB\nSwapFree: 25 kB\n"
        let found = values(try read(MemoryMetric(), "/proc/meminfo", Array(text.utf8)))
        #expect(found["system.memory.usage|used"] == 409_600)
        #expect(found["system.memory.usage|cached"] == 409_600)
        #expect(found["system.memory.usage|free"] == 204_800)
        #expect(found["system.memory.utilization|used"] == 0.4)
        #expect(found["system.paging.utilization|used"] == 0.75)
    }

    @Test("memory figures that contradict each other stay within 0 and 1")
    func memoryOdd() throws {
        for text in [
            "MemTotal: 10 kB\nMemFree: 99 kB\n", "MemTotal: 10 kB\nMemFree: 1 kB\nMemAvailable: 99 kB\n",
            "MemTotal: 10 kB\nMemFree: 5 kB\nMemAvailable: 1 kB\nSwapTotal: 1 kB\nSwapFree: 9 kB\n",
            "MemTotal: 1 kB\nMemFree: 18014398509481983 kB\nBuffers: 18014398509481983 kB\n",
        ] {
            let found = values(try read(MemoryMetric(), "/proc/meminfo", Array(text.utf8)))
            #expect(found.filter { $0.key.contains("utilization") }.values.allSatisfy { (0...1).contains($0) })
            #expect(found["system.paging.usage|used"] == nil)
        }
    }

    @Test("a file system's utilization is what df shows")
    func filesystem() {
        let space = FilesystemSpace(sizeBytes: 1000, freeBytes: 500, availableBytes: 300, inodes: 10, freeInodes: 9)
        let found = values(MetricReading(FilesystemsMetric.samples("/data", space)))
        #expect(found["system.filesystem.usage|/data|used"] == 500)
        #expect(found["system.filesystem.usage|/data|free"] == 300)
        #expect(found["system.filesystem.utilization|/data"] == 0.625)
        #expect(found["system.filesystem.inodes.utilization|/data"] == 0.1)
        let none = FilesystemSpace(sizeBytes: 0, freeBytes: 9, availableBytes: 9, inodes: 1, freeInodes: 9)
        #expect(FilesystemsMetric.samples("/", none).isEmpty)
        let full = FilesystemSpace(sizeBytes: .max, freeBytes: 0, availableBytes: .max, inodes: .max, freeInodes: 0)
        #expect(FilesystemsMetric.samples("/", full).allSatisfy { $0.value.isFinite })
    }

    @Test("counters of interfaces that carry something; the machine's inner ends are left out")
    func interfaces() throws {
        let row = " 7 2 3 4 0 0 0 0 10 5 6 8 0 0 0 0\n"
        let text =
            "Inter-| Receive\n face |bytes\n    lo:" + row + "  eth0:" + row + "veth12:" + row
            + "  eth1: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
        let found = values(try read(InterfacesMetric(), "/proc/net/dev", Array(text.utf8)))
        #expect(
            found == [
                "system.network.io|eth0|receive": 7, "system.network.errors|eth0|receive": 3,
                "system.network.dropped|eth0|receive": 4, "system.network.io|eth0|transmit": 10,
                "system.network.errors|eth0|transmit": 6, "system.network.dropped|eth0|transmit": 8,
            ])
    }

    @Test("thousands of interfaces are cut, and the receipt says so")
    func manyInterfaces() throws {
        let text = (0..<5000).map { "e\($0): 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n" }.joined()
        let reading = try read(InterfacesMetric(), "/proc/net/dev", Array(text.utf8))
        #expect(reading.samples.count == 32 * 6)
        #expect(reading.outcome == .truncated)
        #expect(reading.message == "4968 more interfaces were left out")
    }

    @Test(
        "hostile content is a failure or no data, never a trap",
        arguments: [
            [], [0], [0xff, 0xfe, 0x0a], Array("nan inf 0x1p3\n".utf8), Array("-1 -1 -1\n".utf8), Array("1 2\n".utf8),
            Array("cpu 1\n".utf8), Array(":\n::\n".utf8), Array("99999999999999999999999999999999 1 1\n".utf8),
            [UInt8](repeating: 0x31, count: 1 << 20), [UInt8](repeating: 0x20, count: 1 << 20),
        ])
    func hostile(content: [UInt8]) {
        let metrics: [(any HostMetric, String)] = [
            (CPUMetric(), "/proc/stat"), (LoadMetric(), "/proc/loadavg"), (MemoryMetric(), "/proc/meminfo"),
            (InterfacesMetric(), "/proc/net/dev"), (UptimeMetric(), "/proc/uptime"),
        ]
        for (metric, path) in metrics {
            var runner = HostMetricRunner(metrics: [metric])
            let files = RecordedFiles()
            files.write(path, content)
            let (samples, receipts) = files.with { runner.read(root: $0) }
            // The one that is right for one of them: a number at the start is an uptime.
            guard !(metric is UptimeMetric) else { continue }
            #expect(samples.isEmpty)
            #expect(receipts.first.map { $0.outcome != .success && !$0.message.isEmpty } == true)
        }
    }
}
