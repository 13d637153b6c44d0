import FoundationEssentials
import Logging
import Model

/// Sources that overran the budget, and until when they are not read: an hour, then four, then a day. A reading that ends by itself
/// takes a source off the list.
///
/// It outlives a restart, or each start would try the source again; so the times are of the wall clock, and one that lies further
/// ahead than any pause is that of a clock that was set back (threats T1).
struct SourceCooling: Hashable, Sendable, Codable {
    /// One source on the list.
    struct Entry: Hashable, Sendable, Codable {
        /// How often in a row it overran.
        var overruns: Int
        /// When it may be read again.
        var until: Timestamp
        /// Why, in one line.
        var reason: String
    }

    private(set) var entries: [String: Entry] = [:]

    /// The pauses after the first, the second and each further overrun in a row, in seconds.
    static let pauses: [Int64] = [3600, 4 * 3600, 24 * 3600]

    /// A source overran; returns what is on the list for it now.
    mutating func overran(_ source: String, reason: String, at now: Timestamp) -> Entry {
        let overruns = min((entries[source]?.overruns ?? 0) + 1, 1_000_000)
        let pause = SourceCooling.pause(after: overruns)
        let entry = Entry(overruns: overruns, until: now.adding(seconds: pause), reason: reason)
        entries[source] = entry
        return entry
    }

    /// A source was read to its end; true when it was on the list.
    mutating func ended(_ source: String) -> Bool { entries.removeValue(forKey: source) != nil }

    /// How many milliseconds a source has to wait; nil when it may be read.
    func remaining(_ source: String, at now: Timestamp) -> Int64? {
        guard let entry = entries[source] else { return nil }
        let left = entry.until.milliseconds(since: now)
        let longest = SourceCooling.pause(after: entry.overruns) * 1000
        return left > 0 && left <= longest ? left : nil
    }

    /// Takes off the list what is of no concern any more.
    mutating func forget(where isGone: (String) -> Bool) { entries = entries.filter { !isGone($0.key) } }

    /// The receipt of a source that is not read; nil for one that may be.
    func receipt(of source: String, at now: Timestamp) -> Receipt? {
        guard remaining(source, at: now) != nil, let entry = entries[source] else { return nil }
        return Receipt(
            source: "inventory/\(source)", outcome: .truncated, found: 0, milliseconds: 0, message: entry.message)
    }

    fileprivate static func pause(after overruns: Int) -> Int64 {
        let last = pauses.last ?? 0
        return overruns >= 1 && overruns <= pauses.count ? pauses[overruns - 1] : last
    }
}

extension SourceCooling.Entry {
    /// When it overran last.
    var since: Timestamp { until.adding(seconds: -SourceCooling.pause(after: overruns)) }

    /// Why, how often, and when it is read again.
    var message: String {
        let often = overruns == 1 ? "" : ", \(overruns) times in a row"
        return "\(reason)\(often); not read before \(until.rfc3339)"
    }
}

/// Keeps ``SourceCooling`` in the agent's state directory.
struct CoolingFile: Sendable {
    let path: String
    let log: Logger

    /// The file as it was left; empty when there is none or it is damaged, which costs one more try of each source.
    func load() -> SourceCooling { SourceCooling.load(path) ?? SourceCooling() }

    /// Writes the list.
    func save(_ cooling: SourceCooling) {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            try DurableFile.replace(path, with: Array(try encoder.encode(cooling)))
        } catch { log.warning("\(path): \(error)") }
    }
}

extension SourceCooling {
    /// Reads the file at `path`; nil where there is none that can be read.
    static func load(_ path: String) -> SourceCooling? {
        guard let bytes = try? DurableFile.read(path, limit: 256 << 10) else { return nil }
        return try? JSONDecoder().decode(SourceCooling.self, from: Data(bytes))
    }
}
