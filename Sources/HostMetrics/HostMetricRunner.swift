import LinuxSystem
import Model

/// Keeps the metrics and reads those that are due.
public struct HostMetricRunner: Sendable {
    private var metrics: [any HostMetric]

    /// All metrics of the catalogue, or those of the given names; `helper` for what the agent may not read itself.
    public init(names: [String] = HostMetricCatalogue.names, helper: HelperClient? = nil) {
        metrics = HostMetricCatalogue.metrics.filter { names.contains($0.name) }.map { kind in
            (kind as? any HelpedMetric.Type)?.init(helper: helper) ?? kind.init()
        }
    }

    /// A runner of these metrics.
    init(metrics: [any HostMetric]) { self.metrics = metrics }

    /// Reads each metric once, or only those of the given names; one that fails does not stop the others. There is one
    /// receipt for each, `metric/NAME`. Reads files and asks file systems for their room: blocks while these do.
    public mutating func read(
        root: SystemRoot, only names: Set<String>? = nil
    ) -> (samples: [Sample], receipts: [Receipt]) {
        var samples: [Sample] = []
        var receipts: [Receipt] = []
        for index in metrics.indices {
            let name = type(of: metrics[index]).name
            if let names, !names.contains(name) { continue }
            let started = ContinuousClock.now
            let reading = HostMetricRunner.reading(&metrics[index], root)
            let (seconds, attoseconds) = (ContinuousClock.now - started).components
            samples += reading.samples
            receipts.append(
                Receipt(
                    source: "metric/\(name)", outcome: reading.outcome, found: reading.samples.count,
                    milliseconds: seconds * 1000 + attoseconds / 1_000_000_000_000_000,
                    message: reading.message.shownOnOneLine(limit: 400)))
        }
        return (samples, receipts)
    }

    private static func reading(_ metric: inout any HostMetric, _ root: SystemRoot) -> MetricReading {
        do {
            var reading = try metric.read(root)
            reading.samples = reading.samples.map(\.withRoundedShare)
            let finite = reading.samples.filter(\.value.isFinite)
            guard finite.count < reading.samples.count else { return reading }
            reading.samples = finite
            reading.outcome = .truncated
            reading.message = "values that are no finite number were left out"
            return reading
        } catch let error as SystemReadError {
            if case .absent = error { return .noData(error.description) }
            return MetricReading([], outcome: .failure, message: error.description)
        } catch {
            return MetricReading([], outcome: .failure, message: "\(error)")
        }
    }
}

extension Sample {
    /// The same with a share of something given to the millionth: what the kernel counts in (ticks, pages, blocks) is coarser or
    /// not finer than that, and seventeen digits would be made up.
    fileprivate var withRoundedShare: Sample {
        guard series.metric.hasSuffix(".utilization"), value.isFinite else { return self }
        return Sample(series, (value * 1e6).rounded() / 1e6)
    }
}
