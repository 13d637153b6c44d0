import Glibc
import HostMetrics
import LinuxSystem
import Model

/// `muster-agent metrics`: measures once and prints.
public enum MetricListing {
    /// The names that `only` takes.
    public static var names: [String] { HostMetricCatalogue.names }

    /// How values can be written.
    public enum Format: String, CaseIterable, Sendable {
        /// For people.
        case table
        /// For programs.
        case json
        /// For Prometheus and what reads the same.
        case openmetrics
    }

    /// The text to print. What is the growth between two readings is measured over half a second on the running machine, and
    /// is left out of a recorded one.
    ///
    /// Throws ``CommandError`` for a name in `only` that no metric has.
    public static func run(root: String, only: [String], format: Format) throws -> String {
        if let unknown = only.first(where: { !names.contains($0) }) {
            throw CommandError.usage(
                "--only \(printed(unknown)): no such metric; there are \(names.joined(separator: ", "))")
        }
        let machine = SystemRoot(path: root)
        var runner = HostMetricRunner(names: only.isEmpty ? names : only)
        if machine.isLive {
            _ = runner.read(root: machine, only: [CPUMetric.name])
            usleep(500_000)
        }
        let (samples, receipts) = runner.read(root: machine)
        switch format {
        case .openmetrics: return OpenMetrics.text(samples)
        case .json: return try json(samples, receipts)
        case .table: return samples.map(line).joined() + receipts.map(line).joined()
        }
    }

    private static func json(_ samples: [Sample], _ receipts: [Receipt]) throws -> String {
        let values = samples.map { sample in
            JSONValue.object([
                "attributes": .object(sample.series.attributes.mapValues { .text($0) }),
                "metric": .text(sample.series.metric),
                "unit": .text(MetricFamilies.named(sample.series.metric)?.unit.rawValue ?? ""),
                "value": .real(sample.value),
            ])
        }
        let ends = receipts.map { receipt in
            JSONValue.object([
                "source": .text(receipt.source), "outcome": .text(receipt.outcome.rawValue),
                "found": .integer(Int64(receipt.found)), "milliseconds": .integer(receipt.milliseconds),
                "message": .text(receipt.message),
            ])
        }
        return try JSONValue.object(["receipts": .list(ends), "samples": .list(values)]).line()
    }

    private static func line(_ sample: Sample) -> String {
        let attributes = sample.series.attributes.sorted { $0.key < $1.key }.map { "\($0.key)=\(printed($0.value))" }
        let name =
            attributes.isEmpty ? sample.series.metric : "\(sample.series.metric) \(attributes.joined(separator: " "))"
        return "\(name): \(sample.value)\n"
    }

    private static func line(_ receipt: Receipt) -> String {
        "\(receipt.source): \(receipt.outcome.rawValue), \(receipt.found) found in \(receipt.milliseconds) ms"
            + (receipt.message.isEmpty ? "" : ": \(printed(receipt.message))") + "\n"
    }
}
