import Logging
import Model
import Notifications
import ServiceDesk
import ServiceLifecycle
import Stores

/// Sends what is recorded and due, one loop per channel so that a receiver that hangs holds nobody else up.
///
/// An outcome is committed before the next notification of the channel is sent; a crash between sending and committing
/// sends once more with the same dedupe key (threats M28).
public final class NotifierService: Service {
    /// What the service needs of the store.
    public typealias Store = ChangeCommitting & FeedReading & NotificationReading

    private let store: any Store
    private let channels: [any NotificationChannel]
    private let retry: RetrySchedule
    private let texts: StringCatalogue
    private let clock: AlarmClock
    private let logger: Logger

    /// A notifier over these channels.
    public init(
        store: any Store, channels: [any NotificationChannel], retry: RetrySchedule = RetrySchedule(),
        texts: StringCatalogue, clock: AlarmClock, logger: Logger
    ) {
        self.store = store
        self.channels = channels
        self.retry = retry
        self.texts = texts
        self.clock = clock
        self.logger = logger
    }

    /// Runs until the task is cancelled or the process shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for channel in self.channels { group.addTask { await self.serve(channel) } }
                group.addTask { await self.endOrphans() }
            }
        }
    }

    private func serve(_ channel: any NotificationChannel) async {
        while !Task.isCancelled {
            do {
                let seen = try await store.newestCursor()
                let due = try await store.dueNotifications(at: clock.now(), channel: channel.name, limit: 20)
                for notification in due where !Task.isCancelled { await send(notification, through: channel) }
                if due.isEmpty { await waitForNews(after: seen) }
            } catch {
                logger.error("notifications wait for the store", metadata: ["error": "\(error)"])
                await clock.pause(.seconds(1))
            }
        }
    }

    private func send(_ notification: NotificationRecord, through channel: any NotificationChannel) async {
        let outcome = await channel.send(notification)
        // Shutting down in the middle of an attempt says nothing about the receiver.
        if Task.isCancelled, case .failed = outcome { return }
        await record(retry.record(notification, after: outcome, now: clock.now()))
    }

    private func record(_ notification: NotificationRecord) async {
        let set = outcomeSet(notification)
        while true {
            do {
                _ = try await store.commit(set)
                return
            } catch {
                logger.error("outcome waits for the store", metadata: ["error": "\(error)"])
                guard !Task.isCancelled else { return }
                await clock.pause(.seconds(1))
            }
        }
    }

    /// The timeline tells of the first failure and of the end, not of each attempt between.
    private func outcomeSet(_ notification: NotificationRecord) -> ChangeSet {
        var set = ChangeSet()
        set.notifications.append(.put(notification))
        let key: TextKey? =
            switch notification.state {
            case .delivered: .delivered
            case .failed: .givenUp
            case .waiting: notification.attempts == 1 ? .attemptFailed : nil
            case .suppressed: nil
            }
        if let key {
            let text = texts.text(
                key,
                [
                    "event": IncidentEvent(rawValue: notification.event).map { texts.word($0) } ?? notification.event,
                    "channel": notification.channel, "answer": notification.lastAnswer,
                    "attempt": String(notification.attempts),
                ])
            let line = TimelineEntry(
                time: clock.now(), kind: .notification, who: IncidentDecider.collector, text: text)
            set.incidents.append(.note(number: notification.incident, line))
        }
        if notification.endedAt != nil {
            set.events.append(.notificationEnded(id: notification.id, delivered: notification.state == .delivered))
        }
        return set
    }

    /// Gives up what waits for a channel that is no longer configured.
    private func endOrphans() async {
        let names = Set(channels.map(\.name))
        let last = RetrySchedule(delays: [], attempts: 1)
        do {
            while !Task.isCancelled {
                let waiting = try await store.dueNotifications(at: Timestamp(milliseconds: .max), limit: 1000)
                let orphans = waiting.filter { !names.contains($0.channel) }
                for orphan in orphans {
                    let reason = DeliveryOutcome.failed("the channel is no longer configured")
                    await record(last.record(orphan, after: reason, now: clock.now()))
                }
                if orphans.isEmpty { return }
            }
        } catch {
            logger.error("orphaned notifications not ended", metadata: ["error": "\(error)"])
        }
    }

    /// Until something new is committed, but at most a second, because retries become due without any commit.
    private func waitForNews(after cursor: FeedCursor) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await self.store.waitForEntries(after: cursor) }
            group.addTask { await self.clock.pause(.seconds(1)) }
            await group.next()
            group.cancelAll()
        }
    }
}
