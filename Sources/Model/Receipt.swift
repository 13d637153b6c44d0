/// How a reader, metric, check or probe ended. Silence must look different from success.
public enum ReceiptOutcome: String, Hashable, Sendable, Codable {
    /// It found something.
    case success
    /// This machine has no such thing: not a failure.
    case noData = "no-data"
    /// It failed; the message says why.
    case failure
    /// It was ended because it overran its time or size.
    case truncated
}

/// The end of one piece of the agent's work.
public struct Receipt: Hashable, Sendable, Codable {
    /// What worked: `inventory/packages`, `metric/cpu`, `probe/core-switch`.
    public var source: String
    /// How it ended.
    public var outcome: ReceiptOutcome
    /// How many items it found.
    public var found: Int
    /// How long it took, in milliseconds of monotonic time.
    public var milliseconds: Int64
    /// Cause of a failure, or what was left out; empty otherwise.
    public var message: String

    /// A receipt.
    public init(source: String, outcome: ReceiptOutcome, found: Int, milliseconds: Int64, message: String = "") {
        self.source = source
        self.outcome = outcome
        self.found = found
        self.milliseconds = milliseconds
        self.message = message
    }
}
