import FoundationEssentials
import GRDB
import Model

/// What one series of a CI was like in a span of time.
struct SampleSummary: Hashable, Sendable {
    var count: Int64
    var least: Double
    var mean: Double
    var greatest: Double

    /// A summary of one value.
    init(_ value: Double) {
        count = 1
        least = value
        mean = value
        greatest = value
    }

    init(count: Int64, least: Double, mean: Double, greatest: Double) {
        self.count = count
        self.least = least
        self.mean = mean
        self.greatest = greatest
    }

    /// Takes another value in; the mean moves by its share, so sums never grow out of a double's digits.
    mutating func add(_ value: Double) {
        count += 1
        least = min(least, value)
        greatest = max(greatest, value)
        mean += (value - mean) / Double(count)
    }
}

/// Summaries of a CI's series per span (an hour, a day) in a file of their own: one packed row per CI and span.
struct SampleRollup: Sendable {
    private let queue: DatabaseQueue
    /// The span in milliseconds.
    private let span: Int64

    init(path: String, span: Int64) throws {
        var configuration = Configuration()
        configuration.journalMode = .wal
        queue = try DatabaseQueue(path: path, configuration: configuration)
        self.span = span
        try queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
        try queue.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS series (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
                    CREATE TABLE IF NOT EXISTS summary (
                        ci INTEGER NOT NULL, span INTEGER NOT NULL, series BLOB NOT NULL, PRIMARY KEY (ci, span)
                    ) WITHOUT ROWID;
                    CREATE TABLE IF NOT EXISTS rolled (day TEXT PRIMARY KEY NOT NULL) WITHOUT ROWID;
                    """)
        }
    }

    /// Whether a day's samples are in already.
    func has(day: String) throws -> Bool {
        try queue.read { db in
            try Bool.fetchOne(db, sql: "SELECT 1 FROM rolled WHERE day = ?", arguments: [day]) ?? false
        }
    }

    /// Takes a day in, in one transaction; a second call changes nothing.
    func take(day: String, from file: SampleFile) throws {
        guard try !has(day: day) else { return }
        try queue.write { db in
            try db.execute(sql: "INSERT INTO rolled (day) VALUES (?)", arguments: [day])
            var numbers: [Int64: Int64] = [:]
            try file.summaries(span: span) { ci, start, summaries, nameOf in
                var packed: [(Int64, SampleSummary)] = []
                for (number, summary) in summaries {
                    if numbers[number] == nil, let name = try nameOf(number) {
                        numbers[number] = try Self.number(of: name, db)
                    }
                    if let own = numbers[number] { packed.append((own, summary)) }
                }
                packed.sort { $0.0 < $1.0 }
                try db.cachedStatement(sql: "INSERT OR REPLACE INTO summary (ci, span, series) VALUES (?, ?, ?)")
                    .execute(arguments: [ci, start, PackedSummaries.encode(packed)])
            }
        }
    }

    /// Means of a series of a CI, each at the middle of its span.
    func means(
        of ci: CIID, series: SeriesName, from: Timestamp, to: Timestamp, limit: Int
    ) throws -> [(time: Timestamp, value: Double)] {
        try queue.read { db in
            let name = try StoredJSON.encode(series)
            let number = try Int64.fetchOne(db, sql: "SELECT id FROM series WHERE name = ?", arguments: [name])
            guard let number else { return [] }
            let rows = try Row.fetchCursor(
                db, sql: "SELECT span, series FROM summary WHERE ci = ? AND span BETWEEN ? AND ? ORDER BY span",
                arguments: [ci.rawValue, from.milliseconds / span * span, to.milliseconds])
            var found: [(time: Timestamp, value: Double)] = []
            while found.count < limit, let row = try rows.next() {
                let start: Int64 = row[0]
                guard let summary = PackedSummaries.summary(of: number, in: row[1]) else { continue }
                found.append((Timestamp(milliseconds: start).adding(seconds: span / 2000), summary.mean))
            }
            return found
        }
    }

    /// Closes the file, so that its log is gone before the file is.
    func close() throws { try queue.close() }

    private static func number(of name: String, _ db: Database) throws -> Int64 {
        try db.execute(sql: "INSERT OR IGNORE INTO series (name) VALUES (?)", arguments: [name])
        return try Int64.fetchOne(db, sql: "SELECT id FROM series WHERE name = ?", arguments: [name]) ?? 0
    }
}
