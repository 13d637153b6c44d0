import Model
import Stores

/// When a notification that was not taken is tried again, and when it is given up.
public struct RetrySchedule: Hashable, Sendable {
    /// Seconds until the next attempt, by the number of attempts made; the last one repeats.
    public var delays: [Int64]
    /// How many attempts there are.
    public var attempts: Int

    /// A schedule; by default about a day: 5 s, 15 s, 1 min, 5 min, 15 min, 30 min, then hourly.
    public init(delays: [Int64] = [5, 15, 60, 300, 900, 1800, 3600], attempts: Int = 30) {
        self.delays = delays
        self.attempts = attempts
    }

    /// The record after an attempt that ended with `outcome` at `now`.
    public func record(_ record: NotificationRecord, after outcome: DeliveryOutcome, now: Timestamp)
        -> NotificationRecord
    {
        var next = record
        next.attempts += 1
        switch outcome {
        case .delivered(let answer):
            next.state = .delivered
            next.lastAnswer = answer.shownOnOneLine(limit: 300)
        case .failed(let answer):
            next.lastAnswer = answer.shownOnOneLine(limit: 300)
            if next.attempts < attempts {
                next.nextAttemptAt = now.adding(seconds: delay(after: next.attempts, id: record.id))
                return next
            }
            next.state = .failed
        }
        next.nextAttemptAt = nil
        next.endedAt = now
        return next
    }

    /// Up to a fifth more, by the record's number: receivers that come back do not get everything in one second.
    private func delay(after attempts: Int, id: Int64) -> Int64 {
        let index = min(max(attempts, 1), delays.count) - 1
        guard delays.indices.contains(index) else { return 60 }
        let base = delays[index]
        return base + Int64((id % 21).magnitude) * base / 100
    }
}
