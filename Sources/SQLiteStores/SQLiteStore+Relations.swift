import GRDB
import Model
import Stores

extension SQLiteStore {
    /// Edges at either end of a CI.
    public func relations(of ci: CIID, asOf: CommitNumber?) async throws -> [RelationRecord] {
        try await read { db in
            let validity = Validity(asOf)
            let select = """
                SELECT r.source, r.kind, r.target, r.object, r.confidence, r.evidence, s.kind || ':' || s.name, t.time_ms
                FROM relation r JOIN source_object o ON o.id = r.object JOIN source s ON s.id = o.source
                JOIN commit_time t ON t.number = r.from_commit WHERE \(validity.condition("r.")) AND
                """
            let sql = "\(select) r.source = :ci UNION ALL \(select) r.target = :ci ORDER BY 2, 1, 3, 4"
            let rows = try Row.fetchAll(db, sql: sql, arguments: validity.arguments(["ci": ci.rawValue]))
            let own = try CIRow.find(ci, asOf: asOf, db)
            return try rows.compactMap { row in
                guard let edge = SQLiteStore.edge(row),
                    let source = try edge.source == ci ? own : CIRow.find(edge.source, asOf: asOf, db),
                    let target = try edge.target == ci ? own : CIRow.find(edge.target, asOf: asOf, db)
                else { return nil }
                return RelationRecord(
                    edge: edge, sourceCI: source, targetCI: target, source: row[6],
                    since: Timestamp(milliseconds: row[7]))
            }
        }
    }

    /// An edge from its first six columns: source, kind, target, object, confidence, evidence.
    static func edge(_ row: Row) -> RelationEdge? {
        RelationKind(code: row[1]).map { kind in
            let evidence: Int? = row[5]
            return RelationEdge(
                source: CIID(row[0]), kind: kind, target: CIID(row[2]), object: row[3], confidence: row[4],
                evidence: evidence.flatMap { RelationEvidence(code: $0) })
        }
    }
}
