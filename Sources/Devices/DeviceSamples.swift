import Model

/// Counters of interfaces as series, under OpenTelemetry's names for hardware (`hw.network.io` in bytes, `hw.errors` in errors,
/// `hw.network.up` 1 or 0).
enum DeviceSamples {
    static func samples(_ interfaces: [DeviceInterface]) -> [Sample] {
        var seen: [String: Int] = [:]
        for interface in interfaces { seen[interface.name, default: 0] += 1 }
        return interfaces.flatMap { interface -> [Sample] in
            // A series needs a name of its own; some devices call several interfaces the same.
            let isUnique = seen[interface.name] == 1
            let name = isUnique ? interface.name : "\(interface.name)#\(interface.index)"
            let counters = interface.counters
            return [
                sample("hw.network.io", name, "receive", counters.inOctets),
                sample("hw.network.io", name, "transmit", counters.outOctets),
                sample("hw.errors", name, "receive", counters.inErrors),
                sample("hw.errors", name, "transmit", counters.outErrors),
                link(interface).map { Sample(SeriesName("hw.network.up", ["network.interface.name": name]), $0) },
            ].compactMap { $0 }
        }
    }

    /// 1 with a link, 0 without; none where the administrator switched it off or the device does not tell.
    private static func link(_ interface: DeviceInterface) -> Double? {
        switch interface.link {
        case .up: 1
        case .down: 0
        case .disabled, nil: nil
        }
    }

    private static func sample(_ metric: String, _ name: String, _ direction: String, _ value: UInt64?) -> Sample? {
        guard let value else { return nil }
        let attributes = ["network.interface.name": name, "network.io.direction": direction]
        return Sample(SeriesName(metric, attributes), Double(value))
    }
}

extension DeviceInterface {
    /// Counters and links as samples with the attribute `network.interface.name`. An interface that did not tell a value has no
    /// sample for it.
    public static func samples(_ interfaces: [DeviceInterface]) -> [Sample] { DeviceSamples.samples(interfaces) }
}

extension DeviceSensor {
    /// Readings as samples, by the instance (`hw.id`) and the name that the device gives it (`hw.name`): `hw.temperature` (Cel),
    /// `hw.fan.speed` (rpm), `hw.voltage` (V), `hw.current` (A), `hw.power` (W), of any other class `muster.sensor.value` in the unit of
    /// `muster.sensor.class`; and `muster.sensor.state`, 0 for ok, 1 for warning, 2 for critical.
    public static func samples(_ sensors: [DeviceSensor]) -> [Sample] { sensors.flatMap(\.samples) }

    private var samples: [Sample] {
        var attributes = ["hw.id": oid.description, "hw.name": name]
        var samples: [Sample] = []
        if let level { samples.append(Sample(SeriesName("muster.sensor.state", attributes), level)) }
        guard let value, value.isFinite, sensorClass != "state" else { return samples }
        if let metric = Self.metrics[sensorClass] {
            samples.append(Sample(SeriesName(metric, attributes), value))
        } else {
            attributes["muster.sensor.class"] = sensorClass
            samples.append(Sample(SeriesName("muster.sensor.value", attributes), value))
        }
        return samples
    }

    private static let metrics = [
        "temperature": "hw.temperature", "fanspeed": "hw.fan.speed", "voltage": "hw.voltage", "current": "hw.current",
        "power": "hw.power",
    ]

    /// How bad the device calls it, where it does. Its limits are not taken for it: what a 0 in them means differs by vendor.
    private var level: Double? {
        switch state {
        case "ok": 0
        case "warning": 1
        case "critical": 2
        default: nil
        }
    }
}

extension DeviceReport {
    /// The interfaces' counters as samples with the attribute `network.interface.name`.
    public var samples: [Sample] { DeviceSamples.samples(interfaces) }
}
