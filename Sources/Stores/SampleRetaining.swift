/// How long samples are kept.
public struct SampleRetention: Hashable, Sendable {
    /// Days of which every value is kept, today's included.
    public var rawDays: Int
    /// Months of which hourly summaries are kept; daily ones stay for ever.
    public var hourlyMonths: Int

    /// Raw samples of three days (48 hours at least), hours of four months (90 days at least).
    public init(rawDays: Int = 3, hourlyMonths: Int = 4) {
        self.rawDays = rawDays
        self.hourlyMonths = hourlyMonths
    }
}

/// What a round of keeping did.
public struct SampleRetentionReport: Hashable, Sendable {
    /// Days that were summarised.
    public var summarised: [String] = []
    /// Files that were removed.
    public var removed: [String] = []

    /// Nothing done.
    public init() {}
}

/// Keeps samples bounded.
public protocol SampleRetaining: Sendable {
    /// Summarises what is over and removes what is older than to be kept.
    func retain(_ retention: SampleRetention) async throws -> SampleRetentionReport
}
