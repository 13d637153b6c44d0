/// How much the spool may hold; beyond it the oldest records go first and a gap record says so.
public struct SpoolBounds: Hashable, Sendable {
    /// Octets of all segments.
    public var bytes: Int
    /// Seconds of the agent's running time a record may wait.
    public var age: UInt64
    /// Octets of one segment, the unit in which records are dropped.
    var segmentBytes: Int { min(4 << 20, max(16 << 10, bytes / 16)) }
    /// Octets kept in memory while the disk fails.
    var memoryBytes: Int { min(bytes, 4 << 20) }

    /// Bounds.
    public init(bytes: Int, age: UInt64) {
        self.bytes = bytes
        self.age = age
    }
}

/// A report on its way into the spool: all but its sequence.
struct PendingReport: Sendable {
    var kind: UInt8
    var claimedMilliseconds: Int64
    var payload: [UInt8]
}
