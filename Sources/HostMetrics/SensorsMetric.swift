import LinuxSystem
import Model

/// What the machine's sensors say, by `hw.id` and, where the driver gives one, `hw.name`: `hw.temperature` (Cel) with
/// `hw.temperature.limit` of `hw.limit_type` `high.critical`, `hw.fan.speed` (rpm), `hw.voltage` (V), `hw.current` (A),
/// `hw.power` (W).
public struct SensorsMetric: HostMetric {
    /// `sensors`
    public static let name = "sensors"

    private static let limit = 64

    /// A metric.
    public init() {}

    /// Reads /sys/class/hwmon, else /sys/class/thermal.
    public mutating func read(_ root: SystemRoot) throws -> MetricReading {
        let sensors = Sensor.all(root)
        var seen: Set<String> = []
        // Two chips of one driver without a device of their own would be one series: the later are left out.
        let chosen = sensors.filter { $0.id.utf8.count <= 120 && seen.insert($0.id).inserted }
        guard !chosen.isEmpty else { return .noData("the machine has no sensor that answers") }
        let samples = chosen.prefix(SensorsMetric.limit).flatMap(SensorsMetric.samples)
        let left = sensors.count - min(chosen.count, SensorsMetric.limit)
        guard left > 0 else { return MetricReading(samples) }
        return MetricReading(samples, outcome: .truncated, message: "\(left) more sensors were left out")
    }

    private static func samples(_ sensor: Sensor) -> [Sample] {
        var attributes = ["hw.id": sensor.id]
        if let label = sensor.label, !label.isEmpty, label.utf8.count <= 64 { attributes["hw.name"] = label }
        let value = Sample(SeriesName(metric(sensor.kind), attributes), sensor.value)
        guard sensor.kind == .temperature, let critical = sensor.critical else { return [value] }
        attributes["hw.limit_type"] = "high.critical"
        return [value, Sample(SeriesName("hw.temperature.limit", attributes), critical)]
    }

    private static func metric(_ kind: Sensor.Kind) -> String {
        switch kind {
        case .temperature: "hw.temperature"
        case .fan: "hw.fan.speed"
        case .voltage: "hw.voltage"
        case .current: "hw.current"
        case .power: "hw.power"
        }
    }
}
