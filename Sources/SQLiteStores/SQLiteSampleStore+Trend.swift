import FoundationEssentials
import Model
import Stores

extension SQLiteSampleStore: SampleTrendReading {
    /// Reads the files `days-YEAR.db` of the years that the span touches.
    public func dailyMeans(
        of ci: CIID, series: [SeriesName], from: Timestamp, to: Timestamp
    ) async throws -> [SeriesName: [(time: Timestamp, value: Double)]] {
        try await mapping {
            var found: [SeriesName: [(time: Timestamp, value: Double)]] = [:]
            let years = Set([from, to].map { String($0.rfc3339.prefix(4)) }).sorted()
            for year in years {
                let path = "\(self.directory)/days-\(year).db"
                guard FileManager.default.fileExists(atPath: path) else { continue }
                let file = try SampleRollup(path: path, span: Self.day)
                defer { try? file.close() }
                for name in series {
                    let means = try file.means(of: ci, series: name, from: from, to: to, limit: 366)
                    if !means.isEmpty { found[name, default: []] += means }
                }
            }
            return found
        }
    }
}
