import Model

/// Measured values in the OpenMetrics 1.0 exposition format. Names are made of OpenTelemetry's as its specification says
/// (Prometheus compatibility): dots become underscores, the unit and `total` are added at the end.
public enum OpenMetrics {
    /// The exposition of these values; each may say when it was measured.
    public static func text(_ samples: [Sample]) -> String {
        let byMetric = Dictionary(grouping: samples, by: \.series.metric)
        var text = OpenMetricsText()
        for family in MetricFamilies.all {
            guard let samples = byMetric[family.name] else { continue }
            let name = name(family)
            text.family(name, family.isCounter ? .counter : .gauge, unit: unit(family.unit), family.about + ".")
            for sample in samples {
                let labels = sample.series.attributes.sorted { $0.key < $1.key }.map { (label($0.key), $0.value) }
                text.sample(family.isCounter ? name + "_total" : name, labels, real: sample.value)
            }
        }
        return text.finished
    }

    /// The name of the family, without `_total`.
    static func name(_ family: MetricFamily) -> String {
        let name = label(family.name)
        guard let unit = unit(family.unit), !name.hasSuffix("_" + unit) else { return name }
        return name + "_" + unit
    }

    private static func label(_ name: String) -> String {
        String(decoding: name.utf8.map { $0 == UInt8(ascii: ".") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
    }

    private static func unit(_ unit: MetricFamily.Unit) -> String? {
        switch unit {
        case .bytes: "bytes"
        case .seconds: "seconds"
        case .ratio: "ratio"
        case .celsius: "celsius"
        case .turns: "rpm"
        case .volts: "volts"
        case .amperes: "amperes"
        case .watts: "watts"
        case .count: nil
        }
    }
}
