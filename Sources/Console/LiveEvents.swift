import Model
import Stores

/// Server-sent events (WHATWG HTML, 9.2) that tell pages what kind of thing changed, from the change feed.
///
/// A message names topics, never content: a page that shows one of them asks for itself again, with the reader's own
/// rights. Many changes at once become one message a second.
struct LiveEvents: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = any Error

    let feed: any FeedReading
    /// Where to begin; nil for what comes from now on.
    let after: FeedCursor?

    /// A comment is sent after so long without a change, so that a dead connection is noticed.
    static let quiet = Duration.seconds(20)
    /// The least time between messages.
    static let pace = Duration.seconds(1)

    func makeAsyncIterator() -> Iterator { Iterator(feed: feed, cursor: after) }

    struct Iterator: AsyncIteratorProtocol {
        let feed: any FeedReading
        var cursor: FeedCursor?
        private var hasBegun = false
        private var hasTold = false

        init(feed: any FeedReading, cursor: FeedCursor?) {
            self.feed = feed
            self.cursor = cursor
        }

        mutating func next() async throws -> [UInt8]? {
            try await next(isolation: #isolation)
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> [UInt8]? {
            if cursor == nil { cursor = try await feed.newestCursor() }
            guard let position = cursor else { return nil }
            guard hasBegun else {
                hasBegun = true
                return Array("retry: 2000\n\n".utf8)
            }
            if hasTold { try await Task.sleep(for: LiveEvents.pace) }
            hasTold = true
            guard try await Self.waitForChange(feed, after: position) else { return Array(": quiet\n\n".utf8) }
            var topics: Set<String> = []
            var newest = position
            while true {
                let entries = try await feed.entries(after: newest, limit: 500)
                guard let last = entries.last else { break }
                for entry in entries { topics.formUnion(LiveEvents.topics(of: entry.event)) }
                newest = last.cursor
                if entries.count < 500 { break }
            }
            cursor = newest
            let names = topics.sorted().joined(separator: " ")
            return Array("id: \(newest.rawValue)\nevent: change\ndata: \(names)\n\n".utf8)
        }

        /// Whether something changed before the quiet time was over.
        private static func waitForChange(_ feed: any FeedReading, after position: FeedCursor) async throws -> Bool {
            try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask {
                    try await feed.waitForEntries(after: position)
                    return true
                }
                group.addTask {
                    try await Task.sleep(for: LiveEvents.quiet)
                    return false
                }
                defer { group.cancelAll() }
                return try await group.next() ?? false
            }
        }
    }

    /// What kind of thing an event is about, in the words of `data-live` in pages.
    static func topics(of event: FeedEvent) -> [String] {
        switch event {
        case .ciCreated, .ciStateChanged, .ciRenamed, .attributesChanged, .itemsChanged: ["cis"]
        case .relationAdded, .relationEnded: ["relations"]
        case .checkReported: ["checks"]
        case .deviceReported: ["cis"]
        case .agentHeard, .agentSilent: ["agents"]
        case .alarmChanged: ["alarms"]
        case .discoveryChanged: ["discoveries"]
        case .incidentChanged, .notificationEnded: ["incidents"]
        }
    }
}
