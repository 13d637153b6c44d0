import Model

/// Counters as series, under OpenTelemetry's names for hardware (`hw.network.io` in bytes, `hw.errors` in errors).
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
            ].compactMap { $0 }
        }
    }

    private static func sample(_ metric: String, _ name: String, _ direction: String, _ value: UInt64?) -> Sample? {
        guard let value else { return nil }
        let attributes = ["network.interface.name": name, "network.io.direction": direction]
        return Sample(SeriesName(metric, attributes), Double(value))
    }
}

extension DeviceReport {
    /// The interfaces' counters as samples with the attribute `network.interface.name`.
    public var samples: [Sample] { DeviceSamples.samples(interfaces) }
}
