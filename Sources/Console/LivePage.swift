import HTTPAPI
import Stores

/// The stream of changes that open pages listen to.
struct LivePage: Sendable {
    let feed: any FeedReading

    var all: [Route] {
        [
            Route("GET", Site.live, .people(.read)) { request in
                try request.only("after")
                // A browser that comes back says what it saw last, a new page what it was made from.
                let made = try request.after()
                let last = request.fields["last-event-id"].flatMap { Int64($0) } ?? made
                var answer = APIResponse(status: 200, mediaType: "text/event-stream; charset=utf-8", body: [])
                answer.stream = LiveEvents(feed: feed, after: try await begin(last.map(FeedCursor.init(rawValue:))))
                return answer
            }
        ]
    }

    /// Where a browser goes on: what it missed counts as one change, however long it was away.
    private func begin(_ last: FeedCursor?) async throws -> FeedCursor? {
        guard let last else { return nil }
        let newest = try await feed.newestCursor()
        guard last.rawValue >= 0, last <= newest else { return nil }
        return FeedCursor(rawValue: max(last.rawValue, newest.rawValue - 1000))
    }
}
