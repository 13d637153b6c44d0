import Model

/// Why an operation ended.
public enum SNMPEnd: Hashable, Sendable {
    /// Everything that was asked for was read.
    case complete
    /// The rows allowed were reached.
    case rowLimit
    /// The bytes allowed were reached.
    case byteLimit
    /// The time allowed was reached.
    case deadline
    /// The task was cancelled or the client closed.
    case cancelled
    /// The device or the way to it failed.
    case failed(SNMPError)

    /// The error that says the same; nil when complete.
    public var error: SNMPError? {
        switch self {
        case .complete: nil
        case .rowLimit, .byteLimit: .limit
        case .deadline: .deadline
        case .cancelled: .cancelled
        case .failed(let error): error
        }
    }
}

/// How one operation went: what it cost and why it ended.
public struct SNMPReceipt: Hashable, Sendable {
    /// Messages sent, discovery and repetitions included.
    public var requests = 0
    /// Of those, messages sent again because nothing came.
    public var retries = 0
    /// Rows read.
    public var rows = 0
    /// Bytes of the names and values read.
    public var bytes = 0
    /// Seconds it took.
    public var seconds = 0.0
    /// Answers that were refused because they were not ours (wrong community).
    public var refusedAnswers = 0
    /// Why it ended.
    public var end = SNMPEnd.complete

    /// An empty receipt.
    public init() {}

    /// Whether everything that was asked for was read.
    public var isComplete: Bool { end == .complete }

    /// Adds what another operation cost; the first end that was not complete stays.
    public mutating func add(_ other: SNMPReceipt) {
        requests += other.requests
        retries += other.retries
        rows += other.rows
        bytes += other.bytes
        seconds += other.seconds
        refusedAnswers += other.refusedAnswers
        if end == .complete { end = other.end }
    }
}
