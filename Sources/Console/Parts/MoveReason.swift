/// Why an alarm moved, as the engine wrote it, in the reader's language where it is one of the engine's own phrases.
enum MoveReason {
    private static let whole = [
        "condition holds": "holds", "condition holds again": "holds_again", "clock moved back": "clock",
        "condition holds again before it cleared": "holds_before_clear", "not yet well": "not_yet",
    ]
    private static let beginnings = [
        ("acknowledged by ", "acknowledged"), ("clears if it stays so: ", "clearing"), ("value ", "measured"),
        ("check is ok", "check_ok"), (membership, "joined"),
    ]

    private static let membership = "belongs to incident "

    /// Whether the alarm only joined an incident: that is no reason why it fires.
    static func isMembership(_ reason: String) -> Bool { reason.utf8.starts(with: membership.utf8) }

    /// The reason in words.
    static func words(_ reason: String, _ texts: PageTexts) -> String {
        if let key = whole[reason] { return texts.text("move." + key) }
        for (beginning, key) in beginnings where reason.utf8.starts(with: beginning.utf8) {
            let rest = String(decoding: reason.utf8.dropFirst(beginning.utf8.count), as: UTF8.self)
            return texts.text("move." + key, ["detail": rest.shownOnOneLine(limit: 300)])
        }
        return reason.shownOnOneLine(limit: 400)
    }
}
