import FoundationEssentials
import GRDB
import Model
import Stores

/// One day's samples in a file of their own: retention drops the file (docs/decisions/0001-data-model.md).
struct SampleFile: Sendable {
    let queue: DatabaseQueue

    init(path: String) throws {
        var configuration = Configuration()
        configuration.journalMode = .wal
        queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
        try queue.write(SampleFile.create)
    }

    private static func create(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS series (
                    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE
                );
                CREATE TABLE IF NOT EXISTS report (
                    agent TEXT NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL,
                    ci INTEGER NOT NULL, received_ms INTEGER NOT NULL, samples BLOB NOT NULL,
                    PRIMARY KEY (agent, epoch, sequence)
                ) WITHOUT ROWID;
                CREATE INDEX IF NOT EXISTS report_by_ci ON report (ci, received_ms);
                """)
    }

    func add(_ report: StoredSamples) async throws {
        try await queue.write { db in
            var values: [(Int64, Double)] = []
            for sample in report.values {
                values.append((try SampleFile.number(of: sample.series, db, insert: true) ?? 0, sample.value))
            }
            try db.cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO report (agent, epoch, sequence, ci, received_ms, samples)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                report.agent, Int64(bitPattern: report.epoch), Int64(bitPattern: report.sequence), report.ci.rawValue,
                report.receivedAt.milliseconds, PackedSamples.encode(values),
            ])
        }
    }

    func values(
        of ci: CIID, series: SeriesName, from: Timestamp, to: Timestamp, limit: Int
    ) throws -> [(time: Timestamp, value: Double)] {
        try queue.read { db in
            guard let number = try SampleFile.number(of: series, db, insert: false) else { return [] }
            let sql = """
                SELECT received_ms, samples FROM report WHERE ci = ? AND received_ms BETWEEN ? AND ?
                ORDER BY received_ms, sequence
                """
            var found: [(time: Timestamp, value: Double)] = []
            let rows = try Row.fetchCursor(db, sql: sql, arguments: [ci.rawValue, from.milliseconds, to.milliseconds])
            while found.count < limit, let row = try rows.next() {
                guard let value = PackedSamples.value(of: number, in: row[1]) else { continue }
                found.append((Timestamp(milliseconds: row[0]), value))
            }
            return found
        }
    }

    /// Hands over each CI's spans in order, with summaries by series number and the name of each number.
    func summaries(
        span: Int64,
        _ take: (_ ci: Int64, _ start: Int64, _ summaries: [Int64: SampleSummary], (Int64) throws -> String?) throws ->
            Void
    ) throws {
        try queue.read { db in
            let nameOf = { (number: Int64) in
                try String.fetchOne(db, sql: "SELECT name FROM series WHERE id = ?", arguments: [number])
            }
            var open: (ci: Int64, start: Int64)?
            var summaries: [Int64: SampleSummary] = [:]
            let rows = try Row.fetchCursor(
                db, sql: "SELECT ci, received_ms, samples FROM report ORDER BY ci, received_ms")
            while let row = try rows.next() {
                let (ci, received, blob): (Int64, Int64, Data) = (row[0], row[1], row[2])
                let start = received / span * span
                if let last = open, last != (ci, start) {
                    try take(last.ci, last.start, summaries, nameOf)
                    summaries.removeAll(keepingCapacity: true)
                }
                open = (ci, start)
                for (number, value) in PackedSamples.decode(Array(blob)) {
                    if summaries[number]?.add(value) == nil { summaries[number] = SampleSummary(value) }
                }
            }
            if let last = open { try take(last.ci, last.start, summaries, nameOf) }
        }
    }

    /// Appends values of every series, newest first; gives how many reports were read.
    func add(
        valuesOf ci: CIID, from: Timestamp, to: Timestamp, reports: Int,
        into values: inout [SeriesName: [(time: Timestamp, value: Double)]]
    ) throws -> Int {
        let (rows, names) = try queue.read { db in
            let sql = """
                SELECT received_ms, samples FROM report WHERE ci = ? AND received_ms BETWEEN ? AND ?
                ORDER BY received_ms DESC, sequence DESC LIMIT ?
                """
            let arguments: StatementArguments = [ci.rawValue, from.milliseconds, to.milliseconds, reports]
            let rows = try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
                (time: Timestamp(milliseconds: row[0]), pairs: PackedSamples.decode(Array(row[1] as Data)))
            }
            var names: [Int64: SeriesName] = [:]
            for number in Set(rows.flatMap { $0.pairs.map(\.0) }) {
                let name = try String.fetchOne(
                    db.cachedStatement(sql: "SELECT name FROM series WHERE id = ?"), arguments: [number])
                names[number] = try name.map { try StoredJSON.decode(SeriesName.self, $0) }
            }
            return (rows, names)
        }
        for row in rows {
            for (number, value) in row.pairs {
                if let name = names[number] { values[name, default: []].append((row.time, value)) }
            }
        }
        return rows.count
    }

    func series(of ci: CIID) throws -> Set<SeriesName> {
        try queue.read { db in
            let sql = "SELECT samples FROM report WHERE ci = ? ORDER BY received_ms DESC LIMIT 100"
            var numbers: Set<Int64> = []
            for blob in try Data.fetchAll(db, sql: sql, arguments: [ci.rawValue]) {
                numbers.formUnion(PackedSamples.decode(Array(blob)).map(\.0))
            }
            return Set(
                try numbers.compactMap { number in
                    try String.fetchOne(db, sql: "SELECT name FROM series WHERE id = ?", arguments: [number])
                        .map { try StoredJSON.decode(SeriesName.self, $0) }
                })
        }
    }

    private static func number(of series: SeriesName, _ db: Database, insert: Bool) throws -> Int64? {
        let name = try StoredJSON.encode(series)
        let select = try db.cachedStatement(sql: "SELECT id FROM series WHERE name = ?")
        if let known = try Int64.fetchOne(select, arguments: [name]) { return known }
        guard insert else { return nil }
        try db.cachedStatement(sql: "INSERT INTO series (name) VALUES (?)").execute(arguments: [name])
        return db.lastInsertedRowID
    }
}
