import LinuxSystem
import Model

/// What systemd counts: `system.linux.unit.count`, all that are loaded and those that failed, and `system.linux.unit.jobs`.
public struct UnitsMetric: HostMetric {
    /// `units`
    public static let name = "units"

    /// A metric.
    public init() {}

    /// Asks systemd of the running machine.
    public mutating func read(_ root: SystemRoot) throws -> MetricReading {
        guard root.isLive else { return .noData("a recorded machine does not tell how its units are") }
        guard SystemdUnits.isRunning(root) else { return .noData("systemd does not run this host") }
        do throws(SystemdError) {
            return MetricReading(UnitsMetric.samples(try SystemdCounts.read(patience: .seconds(2))))
        } catch {
            switch error {
            case .noLibrary, .noBus, .notOnBus: return .noData(error.description)
            case .silent, .failed: throw HostMetricError(error.description)
            }
        }
    }

    /// The values of some counts.
    static func samples(_ counts: SystemdCounts) -> [Sample] {
        func count(_ state: String, _ number: Int) -> Sample {
            Sample(SeriesName("system.linux.unit.count", ["system.linux.unit.state": state]), Double(number))
        }
        return [
            count("loaded", counts.loaded), count("failed", counts.failed),
            Sample(SeriesName("system.linux.unit.jobs"), Double(counts.jobs)),
        ]
    }
}
