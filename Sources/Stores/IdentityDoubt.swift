import Model

/// A CI that may be another one, as the reconciler told it when it did not merge them.
public struct IdentityDoubt: Hashable, Sendable {
    /// The CI whose report had the key.
    public var ci: CIRecord
    /// Which key pointed where, and why it was not followed.
    public var detail: String
    /// When it was told.
    public var time: Timestamp

    /// A doubt.
    public init(ci: CIRecord, detail: String, time: Timestamp) {
        self.ci = ci
        self.detail = detail
        self.time = time
    }
}
