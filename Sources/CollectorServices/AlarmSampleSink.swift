import Model

/// Takes samples that have been stored, to look at them with the alarm rules.
public protocol SampleSink: Sendable {
    /// Values of a CI that an agent reported; returns when the alarms they move are committed.
    func samplesArrived(ci: CIID, agent: String, values: [Sample], at: Timestamp) async
}
