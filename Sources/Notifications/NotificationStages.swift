import Model
import ServiceDesk
import Stores

/// The way of a notification, in order: route → dedupe → silence → record → send → retry → record the outcome.
///
/// The first three turn a draft into records, which are committed together with the incident (so nothing is lost at a
/// crash); the rest is done by the notifier with records that are due.
public struct NotificationStages: Sendable {
    /// What goes where.
    public let routes: [ChannelRoute]
    /// Words for silences.
    public let texts: StringCatalogue

    /// Stages for these channels.
    public init(routes: [ChannelRoute], texts: StringCatalogue) {
        self.routes = routes
        self.texts = texts
    }

    /// Records for a draft, one per channel that takes it.
    ///
    /// - Parameters:
    ///   - silences: Those that hold now.
    ///   - told: Channels that have been told of this incident before; the end is told to them in spite of a silence.
    public func records(
        for draft: NotificationDraft, silences: [SilenceRecord], told: Set<String>, now: Timestamp, id: () -> Int64
    ) -> [NotificationRecord] {
        let stages: [(NotificationDraft) -> [NotificationDraft]] = [
            { route($0) },
            { [dedupe($0)] },
            { [silence($0, silences, told)] },
        ]
        let drafts = stages.reduce([draft]) { drafts, stage in drafts.flatMap(stage) }
        return drafts.compactMap { record($0, now, id) }
    }

    private func route(_ draft: NotificationDraft) -> [NotificationDraft] {
        routes.filter { $0.takes(draft.event, draft.incident.priority) }.map { route in
            var routed = draft
            routed.channel = route.channel
            return routed
        }
    }

    /// The incident's version counts up with each change, so the key is the same for a repeat of one decision and
    /// another for the next event.
    private func dedupe(_ draft: NotificationDraft) -> NotificationDraft {
        var keyed = draft
        let incident = "incident-\(draft.incident.number)"
        keyed.dedupeKey = "\(incident)-\(draft.event.rawValue)-\(draft.incident.version)-\(draft.channel ?? "")"
        return keyed
    }

    private func silence(
        _ draft: NotificationDraft, _ silences: [SilenceRecord], _ told: Set<String>
    ) -> NotificationDraft {
        guard let alarm = draft.alarm, let silence = silences.first(where: { $0.covers(alarm) }) else { return draft }
        if draft.event == .resolved, let channel = draft.channel, told.contains(channel) { return draft }
        var silenced = draft
        silenced.suppressedBecause = texts.text(
            .silenced, ["who": silence.by, "until": silence.until.rfc3339, "reason": silence.reason])
        return silenced
    }

    private func record(_ draft: NotificationDraft, _ now: Timestamp, _ id: () -> Int64) -> NotificationRecord? {
        guard let channel = draft.channel, let key = draft.dedupeKey else { return nil }
        var record = NotificationRecord(
            id: id(), dedupeKey: key, channel: channel, incident: draft.incident.number, event: draft.event.rawValue,
            subject: draft.message.subject, body: draft.message.body, nextAttemptAt: now, createdAt: now)
        if let reason = draft.suppressedBecause {
            record.state = .suppressed
            record.lastAnswer = reason
            record.nextAttemptAt = nil
            record.endedAt = now
        }
        return record
    }
}

extension SilenceRecord {
    /// Whether the silence is about the alarm.
    public func covers(_ key: AlarmKey) -> Bool { (ci ?? key.ci) == key.ci && (rule ?? key.rule) == key.rule }
}
