import Model
import Stores

/// Who was told, or why not, in words; what the receiver answered in its own words stands behind them.
struct NotificationLine: Sendable {
    var state: Badge
    var channel: String
    var event: String
    /// How it went.
    var said: String
    /// When it is tried again; nil where it is not.
    var again: Moment?
    /// The channel's last answer as it came; nil where the words say all of it.
    var answer: String?
    var time: Moment

    /// A notification.
    init(_ record: NotificationRecord, _ texts: PageTexts) {
        let tones: [NotificationState: String] = [
            .waiting: record.attempts > 0 ? "warning" : "info", .delivered: "ok", .failed: "critical",
            .suppressed: "quiet",
        ]
        state = Badge(
            tone: tones[record.state] ?? "quiet", label: texts.text("notification_state." + record.state.rawValue))
        channel = record.channel.shownOnOneLine(limit: 80)
        event = texts.word("word." + record.event, else: record.event.shownOnOneLine(limit: 40))
        said = Self.words(record, texts)
        again = record.state == .waiting && record.attempts > 0 ? Moment(record.nextAttemptAt) : nil
        let isSaid = record.lastAnswer.isEmpty || record.state == .suppressed
        answer = isSaid ? nil : record.lastAnswer.shownOnOneLine(limit: 300)
        time = Moment(record.endedAt ?? record.createdAt)
    }

    private static func words(_ record: NotificationRecord, _ texts: PageTexts) -> String {
        let tries = ["count": String(record.attempts)]
        switch record.state {
        case .delivered:
            return texts.text(isMail(record.lastAnswer) ? "told.mail_taken" : "told.taken")
        case .suppressed: return texts.said(record.lastAnswer)
        case .waiting where record.attempts == 0: return texts.text("told.sending")
        case .waiting: return cause(record.lastAnswer, texts) + " " + texts.text("told.again", tries)
        case .failed: return cause(record.lastAnswer, texts) + " " + texts.text("told.given_up", tries)
        }
    }

    /// A mail channel names the relay that took the mail (`MailChannel`).
    private static func isMail(_ answer: String) -> Bool { answer.utf8.starts(with: "taken by ".utf8) }

    /// What `OutboundError.Kind` and a web hook's answer say, and our words for it.
    static let causes: [(part: String, key: String)] = [
        (": name not resolved", "name"), (": not connected", "unreachable"), (": address refused", "address"),
        (": TLS failed", "tls"), (": certificate, key or CA unusable", "credentials"), (": timed out", "timeout"),
        (": answer too large", "broken"), (": login refused", "login"), (": connection broken", "broken"),
        (": request refused", "request"), (": cancelled", "stopped"), (": client closed", "stopped"),
    ]

    /// Why it was not taken, in a sentence.
    private static func cause(_ answer: String, _ texts: PageTexts) -> String {
        if answer.utf8.starts(with: "HTTP ".utf8) { return texts.text("told.refused") }
        let known = causes.first { answer.contains($0.part) }
        return texts.text("told." + (known?.key ?? "failed"))
    }
}

enum NotificationLinesView {
    /// A list under the name `notifications`.
    static let view = View(
        "notification-lines",
        """
        <ul class="plain">{{#notifications}}<li>{{#state}}{{> badge}}{{/state}} <strong>{{channel}}</strong> · {{event}} <span class="note">{{#time}}{{> moment}}{{/time}}</span><br>{{said}}{{#.again}} {{> moment}}{{/.again}}{{#.answer}}<details class="raw"><summary>{{t.told.answer}}</summary><code>{{answer}}</code></details>{{/.answer}}</li>
        {{/notifications}}</ul>
        """)
}
