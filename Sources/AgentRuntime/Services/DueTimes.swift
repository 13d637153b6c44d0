/// When each source is read next. Which there are, and how often, may change.
struct DueTimes {
    private var times: [String: ContinuousClock.Instant] = [:]
    private var intervals: [String: Duration] = [:]

    /// The earliest; nil where nothing is to be read.
    var next: ContinuousClock.Instant? { times.values.min() }

    /// Fits to the sources that are read: a new one is due at once, one that is read more often now no later than that.
    mutating func fit(_ schedules: [SourceSchedule], at now: ContinuousClock.Instant) {
        var fitted: [String: ContinuousClock.Instant] = [:]
        for schedule in schedules {
            guard let time = times[schedule.name] else {
                fitted[schedule.name] = now
                continue
            }
            let isOther = intervals[schedule.name] != schedule.interval
            fitted[schedule.name] = isOther ? min(time, now + schedule.interval) : time
        }
        times = fitted
        intervals = Dictionary(schedules.map { ($0.name, $0.interval) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether a source is due by then.
    func isDue(_ source: String, at moment: ContinuousClock.Instant) -> Bool {
        times[source].map { $0 <= moment } ?? true
    }

    /// A source was read, and is read again then.
    mutating func set(_ source: String, to time: ContinuousClock.Instant) { times[source] = time }
}
