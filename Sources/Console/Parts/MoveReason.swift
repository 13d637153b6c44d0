/// What the text of an alarm's move tells beside the words.
enum MoveReason {
    private static let membership = "belongs to incident "

    /// Whether the alarm only joined an incident: that is no reason why it fires.
    static func isMembership(_ reason: String) -> Bool { reason.utf8.starts(with: membership.utf8) }
}
