/// When a device that tells something by itself is looked at: at once, and one look answers for all that came before it. A few looks
/// may follow each other closely, because a link that goes down comes up again; a device that tells without end is looked at
/// seldom.
struct NewsGate {
    /// From one look to the next.
    static let gap = Duration.seconds(2)
    /// Looks after a rest, and the time in which one more is allowed.
    static let (burst, refill) = (6, Duration.seconds(20))

    private var isPending = false
    private var opened: ContinuousClock.Instant?
    /// When all looks of a burst are allowed again.
    private var restored: ContinuousClock.Instant?

    /// When what is pending may be looked at; nil where nothing is.
    var opens: ContinuousClock.Instant? {
        guard isPending, let opened, let restored else { return nil }
        return max(opened + Self.gap, restored - Self.refill * (Self.burst - 1))
    }

    /// Tells whether there is something new; true when it is to be looked at now.
    mutating func isOpen(changed: Bool, at now: ContinuousClock.Instant) -> Bool {
        if changed { isPending = true }
        guard isPending, opens.map({ $0 <= now }) ?? true else { return false }
        isPending = false
        opened = now
        restored = max(restored ?? now, now) + Self.refill
        return true
    }
}
