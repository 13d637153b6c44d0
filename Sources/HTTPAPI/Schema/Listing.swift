import Model

/// A listing: its cursors are taken by it alone.
protocol Listing: Sendable {
    /// What a page begins behind.
    associatedtype Position: LosslessStringConvertible & Sendable
    /// Its cursor.
    static var cursor: Cursor<Position> { get }
}

/// What a page of a listing is asked with: what it is a listing of, behind which item it begins, how long it may be.
struct Listed<Target: Input, List: Listing>: Input {
    let target: Target
    let after: List.Position?
    let limit: Int

    init(_ read: inout InputReader) throws {
        target = try Target(&read)
        after = try read.after(List.cursor)
        limit = try read.limit()
    }
}

/// All listings.
enum Listings {
    enum CIs: Listing { static let cursor = Cursor<Int64>(listing: "ci") }
    enum History: Listing { static let cursor = Cursor<Int64>(listing: "ci-history") }
    enum Relations: Listing { static let cursor = Cursor<String>(listing: "ci-relations") }
    enum Children: Listing { static let cursor = Cursor<String>(listing: "ci-children") }
    enum Sources: Listing { static let cursor = Cursor<String>(listing: "ci-sources") }
    enum Items: Listing { static let cursor = Cursor<String>(listing: "ci-items") }
    enum Impact: Listing { static let cursor = Cursor<Int>(listing: "impact") }
    enum Alarms: Listing { static let cursor = Cursor<Int64>(listing: "alarms") }
    enum AlarmMoves: Listing { static let cursor = Cursor<Int>(listing: "alarm-history") }
    enum Silences: Listing { static let cursor = Cursor<String>(listing: "silences") }
    enum Incidents: Listing { static let cursor = Cursor<Int64>(listing: "incidents") }
    enum Affected: Listing { static let cursor = Cursor<Int>(listing: "incident-affected") }
    enum Timeline: Listing { static let cursor = Cursor<Int>(listing: "incident-timeline") }
    enum IncidentAlarms: Listing { static let cursor = Cursor<Int>(listing: "incident-alarms") }
    enum Notifications: Listing { static let cursor = Cursor<Int>(listing: "incident-notifications") }
    enum Discoveries: Listing { static let cursor = Cursor<Int64>(listing: "discoveries") }
    enum Sweeps: Listing { static let cursor = Cursor<String>(listing: "sweeps") }
    enum Agents: Listing { static let cursor = Cursor<String>(listing: "agents") }
    enum Epochs: Listing { static let cursor = Cursor<String>(listing: "agent-epochs") }
    enum Gaps: Listing { static let cursor = Cursor<String>(listing: "agent-gaps") }
    enum Refusals: Listing { static let cursor = Cursor<String>(listing: "agent-refusals") }
    enum Receipts: Listing { static let cursor = Cursor<String>(listing: "agent-receipts") }
    enum Audit: Listing { static let cursor = Cursor<Int64>(listing: "audit") }
    enum Users: Listing { static let cursor = Cursor<String>(listing: "users") }
    enum Rules: Listing { static let cursor = Cursor<String>(listing: "rules") }
    enum Policies: Listing { static let cursor = Cursor<String>(listing: "policies") }
    enum Rings: Listing { static let cursor = Cursor<String>(listing: "rings") }
}
