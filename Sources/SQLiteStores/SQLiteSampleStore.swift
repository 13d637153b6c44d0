import FoundationEssentials
import GRDB
import Model
import Stores
import Synchronization

/// Samples in one SQLite file a day (`samples-2026-11-23.db`, UTC) and the dictionaries of series beside them.
public final class SQLiteSampleStore: SampleStoring, SampleDictionaryStoring {
    /// Where the files lie.
    public let directory: String
    private let dictionaries: DatabaseQueue
    private let files = Mutex<[String: SampleFile]>([:])

    /// Days of which a file is kept open.
    private static let openFiles = 4

    /// Opens or creates the sample files in `directory`, which must exist.
    public init(directory: String) throws(StoreError) {
        self.directory = directory
        do {
            var configuration = Configuration()
            configuration.journalMode = .wal
            dictionaries = try DatabaseQueue(path: "\(directory)/dictionaries.db", configuration: configuration)
            try dictionaries.writeWithoutTransaction { db in
                try db.execute(
                    sql: """
                        PRAGMA synchronous = FULL;
                        CREATE TABLE IF NOT EXISTS series (
                            agent TEXT NOT NULL, epoch INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,
                            PRIMARY KEY (agent, epoch, number)
                        ) WITHOUT ROWID;
                        """)
            }
        } catch {
            throw StoreError(error, path: directory)
        }
    }

    /// The series of an epoch by number.
    public func dictionary(agent: String, epoch: UInt64) async throws -> [UInt32: SeriesName] {
        try await mapping {
            try await self.dictionaries.read { db in
                let sql = "SELECT number, name FROM series WHERE agent = ? AND epoch = ?"
                var series: [UInt32: SeriesName] = [:]
                for row in try Row.fetchAll(db, sql: sql, arguments: [agent, Int64(bitPattern: epoch)]) {
                    series[row[0]] = try StoredJSON.decode(SeriesName.self, row[1])
                }
                return series
            }
        }
    }

    /// Adds series to an epoch durably; a number that is there already keeps its series.
    public func introduce(_ series: [UInt32: SeriesName], agent: String, epoch: UInt64) async throws {
        try await mapping {
            try await self.dictionaries.write { db in
                for (number, name) in series {
                    try db.execute(
                        sql: "INSERT OR IGNORE INTO series (agent, epoch, number, name) VALUES (?, ?, ?, ?)",
                        arguments: [agent, Int64(bitPattern: epoch), number, try StoredJSON.encode(name)])
                }
            }
        }
    }

    /// Stores one report durably; a second call with the same agent, epoch and sequence on the same day changes nothing.
    public func store(_ report: StoredSamples) async throws {
        try await mapping { try await self.file(of: report.receivedAt, create: true)?.add(report) }
    }

    /// Values of a series of a CI between two moments, oldest first, at most `limit`; where raw values are gone, means
    /// of hours or days.
    public func values(
        of ci: CIID, series: SeriesName, from: Timestamp, to: Timestamp, limit: Int
    ) async throws -> [(time: Timestamp, value: Double)] {
        try await mapping {
            var found: [(time: Timestamp, value: Double)] = []
            let days = try self.days(from: from, to: to)
            // Before the first day that is kept whole, summaries speak.
            let whole = days.first.flatMap { Timestamp(rfc3339: $0 + "T00:00:00Z") } ?? to
            if from < whole {
                let before = Timestamp(milliseconds: whole.milliseconds - 1)
                found = try self.means(of: ci, series: series, from: from, to: min(before, to), limit: limit)
            }
            for day in days where found.count < limit {
                guard let file = try self.file(ofDay: day, create: false) else { continue }
                found += try file.values(of: ci, series: series, from: from, to: to, limit: limit - found.count)
            }
            return found
        }
    }

    /// Raw values of every series of a CI between two moments, oldest first, from the newest `reports` reports.
    public func values(
        of ci: CIID, from: Timestamp, to: Timestamp, reports: Int
    ) async throws -> [SeriesName: [(time: Timestamp, value: Double)]] {
        try await mapping {
            var newestFirst: [SeriesName: [(time: Timestamp, value: Double)]] = [:]
            var left = reports
            for day in try self.days(from: from, to: to).reversed() where left > 0 {
                guard let file = try self.file(ofDay: day, create: false) else { continue }
                left -= try file.add(valuesOf: ci, from: from, to: to, reports: left, into: &newestFirst)
            }
            return newestFirst.mapValues { $0.reversed() }
        }
    }

    /// The series with values in the newest two days that have any.
    public func series(of ci: CIID) async throws -> [SeriesName] {
        try await mapping {
            var names: Set<SeriesName> = []
            for day in try self.storedDays().suffix(2) {
                if let file = try self.file(ofDay: day, create: false) { names.formUnion(try file.series(of: ci)) }
            }
            return try names.map { (try StoredJSON.encode($0), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    func mapping<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as DatabaseError {
            throw StoreError(error, path: directory)
        }
    }

    private static func day(of moment: Timestamp) -> String { String(moment.rfc3339.prefix(10)) }

    private func days(from: Timestamp, to: Timestamp) throws -> [String] {
        let (first, last) = (SQLiteSampleStore.day(of: from), SQLiteSampleStore.day(of: to))
        return try storedDays().filter { $0 >= first && $0 <= last }
    }

    func storedDays() throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: directory)
        return names.filter { $0.hasPrefix("samples-") && $0.hasSuffix(".db") && $0.utf8.count == 21 }
            .map { String($0.dropFirst(8).dropLast(3)) }.sorted()
    }

    /// Lets go of a day's file before it is removed.
    func forget(day: String) throws {
        let file = files.withLock { $0.removeValue(forKey: day) }
        try file?.queue.close()
    }

    private func file(of moment: Timestamp, create: Bool) throws -> SampleFile? {
        try file(ofDay: SQLiteSampleStore.day(of: moment), create: create)
    }

    func file(ofDay day: String, create: Bool) throws -> SampleFile? {
        let path = "\(directory)/samples-\(day).db"
        return try files.withLock { files in
            if let open = files[day] { return open }
            guard create || FileManager.default.fileExists(atPath: path) else { return nil }
            let file = try SampleFile(path: path)
            if files.count >= SQLiteSampleStore.openFiles, let oldest = files.keys.min() { files[oldest] = nil }
            files[day] = file
            return file
        }
    }
}
