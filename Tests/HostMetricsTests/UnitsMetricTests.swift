import LinuxSystem
import Model
import Testing

@testable import HostMetrics

@Suite("UnitsMetric") struct UnitsMetricTests {
    @Test("systemd's counts are one series each")
    func samples() {
        let samples = UnitsMetric.samples(SystemdCounts(loaded: 300, failed: 2, jobs: 1))
        let values = samples.map { "\($0.series.metric) \($0.series.attributes.values.joined()) \($0.value)" }
        #expect(
            values == [
                "system.linux.unit.count loaded 300.0", "system.linux.unit.count failed 2.0",
                "system.linux.unit.jobs  1.0",
            ])
        #expect(samples.allSatisfy { MetricFamilies.named($0.series.metric) != nil })
    }
}
