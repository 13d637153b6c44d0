import Model
import Stores

/// Who was told, or why not.
struct NotificationLine: Sendable {
    var state: Badge
    var channel: String
    var event: String
    /// What the channel answered, or the reason; nil for nothing.
    var answer: String?
    var time: Moment

    /// A notification.
    init(_ record: NotificationRecord, _ texts: PageTexts) {
        let tones: [NotificationState: String] = [
            .waiting: "info", .delivered: "ok", .failed: "critical", .suppressed: "quiet",
        ]
        state = Badge(
            tone: tones[record.state] ?? "quiet", label: texts.text("notification_state." + record.state.rawValue))
        channel = record.channel.shownOnOneLine(limit: 80)
        event = texts.word("word." + record.event, else: record.event.shownOnOneLine(limit: 40))
        answer = record.lastAnswer.isEmpty ? nil : texts.said(record.lastAnswer)
        time = Moment(record.endedAt ?? record.createdAt)
    }
}

enum NotificationLinesView {
    /// A list under the name `notifications`.
    static let view = View(
        "notification-lines",
        """
        <ul class="plain">{{#notifications}}<li>{{#state}}{{> badge}}{{/state}} {{event}} · {{channel}}{{#.answer}}: {{answer}}{{/.answer}} <span class="note">{{#time}}{{> moment}}{{/time}}</span></li>
        {{/notifications}}</ul>
        """)
}
