import GRDB
import Model
import Stores

extension SQLiteStore: GraphReading {
    /// Feeds every CI and current edge to `builder` in one snapshot.
    public func loadGraph<Builder: GraphBuilding>(
        into builder: Builder
    ) async throws -> (builder: Builder, cursor: FeedCursor) {
        try await read { db in
            var builder = builder
            let nodes =
                "SELECT c.id, n.text, c.name, c.state, c.parent FROM ci c JOIN name n ON n.id = c.class ORDER BY c.id"
            let edges = "SELECT source, kind, target FROM relation WHERE to_commit = 0"
            try SQLiteStore.feed(&builder, nodes: nodes, edges: edges, [], db)
            return (builder, FeedCursor(rawValue: try FeedWaiters.newestPosition(db)))
        }
    }

    /// Feeds every CI and edge as of a commit: one pass over both tables, whatever the history holds.
    public func loadGraph<Builder: GraphBuilding>(into builder: Builder, asOf: CommitNumber) async throws -> Builder {
        try await read { db in
            var builder = builder
            let nodes = """
                SELECT c.id, n.text, ifnull(p.name, c.name), ifnull(p.state, c.state), c.parent
                FROM ci c JOIN name n ON n.id = c.class
                LEFT JOIN ci_past p ON c.since > :t AND p.ci = c.id AND p.to_commit =
                    (SELECT min(q.to_commit) FROM ci_past q WHERE q.ci = c.id AND q.to_commit > :t)
                WHERE c.created <= :t ORDER BY c.id
                """
            // In an order that stays when an edge ends later: it then stands in another place of the table.
            let edges = """
                SELECT source, kind, target FROM relation WHERE \(Validity(asOf).condition())
                ORDER BY source, target, object, kind
                """
            try SQLiteStore.feed(&builder, nodes: nodes, edges: edges, ["t": asOf.rawValue], db)
            return builder
        }
    }

    private static func feed(
        _ builder: inout some GraphBuilding, nodes: String, edges: String, _ arguments: StatementArguments,
        _ db: Database
    ) throws {
        let rows = try Row.fetchCursor(db, sql: nodes, arguments: arguments)
        while let row = try rows.next() {
            guard let state = CIState(code: row[3]) else { continue }
            let parent: Int64? = row[4]
            builder.addNode(
                id: CIID(row[0]), className: CIClass(rawValue: row[1]), name: row[2], state: state,
                parent: parent.map { CIID($0) })
        }
        let ends = try Row.fetchCursor(db, sql: edges, arguments: arguments)
        while let row = try ends.next() {
            guard let kind = RelationKind(code: row[1]) else { continue }
            builder.addEdge(source: CIID(row[0]), kind: kind, target: CIID(row[2]))
        }
    }

    /// The edges that touch any of `cis` as of a commit: two index ranges per CI and direction, in the same order each time.
    public func edges(touching cis: [CIID], asOf: CommitNumber?) async throws -> [RelationEdge] {
        try await read { db in
            var found: [RelationEdge] = []
            var known: Set<RelationEdge> = []
            for end in ["source", "target"] {
                let columns = "SELECT source, kind, target, object, confidence, evidence FROM relation WHERE \(end) = ?"
                let current = try db.cachedStatement(sql: "\(columns) AND to_commit = 0 AND from_commit <= ?")
                let ended = try db.cachedStatement(sql: "\(columns) AND to_commit > ? AND from_commit <= ?")
                for ci in cis {
                    let now: StatementArguments = [ci.rawValue, asOf?.rawValue ?? .max]
                    found += try Row.fetchAll(current, arguments: now).compactMap(SQLiteStore.edge)
                        .filter { known.insert($0).inserted }
                    guard let asOf else { continue }
                    let then: StatementArguments = [ci.rawValue, asOf.rawValue, asOf.rawValue]
                    found += try Row.fetchAll(ended, arguments: then).compactMap(SQLiteStore.edge)
                        .filter { known.insert($0).inserted }
                }
            }
            return found
        }
    }

    /// Rows of `cis` as of a commit.
    public func cis(_ cis: [CIID], asOf: CommitNumber?) async throws -> [CIRecord] {
        try await read { db in try cis.compactMap { try CIRow.find($0, asOf: asOf, db) } }
    }
}
