import LinuxSystem
import Model

/// One kind of measurement of the host: one file, one line in ``HostMetricCatalogue``.
///
/// A metric is a value that may keep what it read last (for differences); the runner keeps it from reading to reading.
public protocol HostMetric: Sendable {
    /// The name under which it is configured and its receipts are sent: lower case, `cpu`.
    static var name: String { get }

    /// A metric that has read nothing yet.
    init()

    /// Reads once. Throws ``HostMetricError`` or a reader's own error: a failure, whose description goes into the receipt.
    mutating func read(_ root: SystemRoot) throws -> MetricReading
}

/// A metric of which a sandboxed agent cannot read everything itself.
public protocol HelpedMetric: HostMetric {
    /// A metric that asks the helper for what the agent may not read; nil for root.
    init(helper: HelperClient?)
}

/// What one reading found.
public struct MetricReading: Hashable, Sendable {
    /// The values.
    public var samples: [Sample]
    /// How it ended.
    public var outcome: ReceiptOutcome
    /// What was left out and why; empty otherwise.
    public var message: String

    /// Values; with a message when some were left out.
    public init(_ samples: [Sample], outcome: ReceiptOutcome = .success, message: String = "") {
        self.samples = samples
        self.outcome = outcome
        self.message = message
    }

    /// No value, and that is no failure; the text says how that was seen.
    public static func noData(_ message: String) -> MetricReading {
        MetricReading([], outcome: .noData, message: message)
    }
}

/// Why a metric failed.
public struct HostMetricError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One line: what and where.
    public var description: String

    /// An error.
    public init(_ description: String) { self.description = description }
}
