import FoundationEssentials
import GRDB
import Model
import Stores

/// Raw samples become hourly and daily summaries when their day is over; then files go by number, not by the clock.
extension SQLiteSampleStore: SampleRetaining {
    static let hour: Int64 = 3_600_000
    static let day: Int64 = 86_400_000

    /// Summarises days that are over, then removes the oldest files beyond those to keep.
    ///
    /// A clock that jumps ahead makes one new file and thereby one old file go at most (threats M27); a day is over
    /// when a newer one has samples.
    public func retain(_ retention: SampleRetention) async throws -> SampleRetentionReport {
        try await mapping {
            var report = SampleRetentionReport()
            let days = try self.storedDays()
            for day in days.dropLast() {
                if try self.summarise(day) { report.summarised.append(day) }
            }
            for day in days.dropLast(max(retention.rawDays, 1)) {
                try self.remove(day: day)
                report.removed.append("samples-\(day).db")
            }
            let months = try self.names(of: "hours-")
            for name in months.dropLast(max(retention.hourlyMonths, 1)) {
                try self.remove(name)
                report.removed.append(name)
            }
            return report
        }
    }

    /// Puts a day into its month's hours and its year's days; false when it was there already.
    private func summarise(_ day: String) throws -> Bool {
        let hours = try SampleRollup(path: "\(directory)/hours-\(day.prefix(7)).db", span: Self.hour)
        let days = try SampleRollup(path: "\(directory)/days-\(day.prefix(4)).db", span: Self.day)
        defer {
            try? hours.close()
            try? days.close()
        }
        guard try !(hours.has(day: day) && days.has(day: day)), let file = try file(ofDay: day, create: false) else {
            return false
        }
        try hours.take(day: day, from: file)
        try days.take(day: day, from: file)
        return true
    }

    /// Means of hours, else of days, for the span of a day whose raw samples are gone.
    func means(
        of ci: CIID, series: SeriesName, from: Timestamp, to: Timestamp, limit: Int
    ) throws -> [(time: Timestamp, value: Double)] {
        let (first, last) = (String(from.rfc3339.prefix(7)), String(to.rfc3339.prefix(7)))
        var found: [(time: Timestamp, value: Double)] = []
        for name in try names(of: "hours-")
        where name.dropFirst(6).prefix(7) >= first && name.dropFirst(6).prefix(7) <= last {
            let file = try SampleRollup(path: "\(directory)/\(name)", span: Self.hour)
            defer { try? file.close() }
            found += try file.means(of: ci, series: series, from: from, to: to, limit: max(0, limit - found.count))
        }
        if !found.isEmpty { return found }
        for name in try names(of: "days-")
        where name.dropFirst(5).prefix(4) >= first.prefix(4) && name.dropFirst(5).prefix(4) <= last.prefix(4) {
            let file = try SampleRollup(path: "\(directory)/\(name)", span: Self.day)
            defer { try? file.close() }
            found += try file.means(of: ci, series: series, from: from, to: to, limit: max(0, limit - found.count))
        }
        return found
    }

    private func names(of prefix: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory)
            .filter { $0.hasPrefix(prefix) && $0.hasSuffix(".db") }.sorted()
    }

    private func remove(day: String) throws {
        try forget(day: day)
        try remove("samples-\(day).db")
    }

    private func remove(_ name: String) throws {
        for suffix in ["-wal", "-shm", ""] {
            let path = "\(directory)/\(name)\(suffix)"
            if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
        }
    }
}
