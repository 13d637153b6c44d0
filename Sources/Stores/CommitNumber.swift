/// The number of a commit: the clock of all history. A table maps numbers to wall time.
public struct CommitNumber: RawRepresentable, Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// Ascending from 1.
    public let rawValue: Int64

    /// The commit numbered `rawValue`.
    public init(rawValue: Int64) { self.rawValue = rawValue }

    /// Earlier commits first.
    public static func < (left: CommitNumber, right: CommitNumber) -> Bool { left.rawValue < right.rawValue }

    /// The number in decimal.
    public var description: String { String(rawValue) }
}
