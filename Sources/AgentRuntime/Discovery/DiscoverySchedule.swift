import FoundationEssentials
import Logging
import Model

/// When each network was looked through last: an agent that starts again and again must not sweep each time, and a network that is new
/// here does not have those swept again that were.
struct DiscoverySchedule: Sendable {
    /// What is looked through at one time: a network, or whatever devices tell of.
    struct Place: Hashable, Sendable {
        /// The network; nil for what is only told of.
        var network: IPNetwork?
        /// What the file knows it by.
        var key: String { network?.description ?? "neighbours" }
    }

    private struct Record: Codable {
        var ended: [String: Timestamp]
    }

    private let path: String
    private let interval: Duration
    private let places: [Place]
    private var record: Record

    init(path: String, settings: DiscoverySettings) {
        self.path = path
        interval = settings.interval
        places = settings.networks.map { Place(network: $0) } + (settings.crawlNetworks.isEmpty ? [] : [Place()])
        let bytes = try? DurableFile.read(path, limit: 1 << 20)
        record = bytes.flatMap { try? JSONDecoder().decode(Record.self, from: Data($0)) } ?? Record(ended: [:])
    }

    /// How long it is until something is to be looked through.
    func pause(at now: Timestamp) -> Duration { places.map { wait($0, now) }.min() ?? interval }

    /// What is to be looked through now. What would be soon goes along: rounds of many networks stay together.
    func due(at now: Timestamp) -> [Place] { places.filter { wait($0, now) <= interval / 10 } }

    /// A last round in the future is that of a clock that was set back (threats T1).
    private func wait(_ place: Place, _ now: Timestamp) -> Duration {
        guard let last = record.ended[place.key] else { return .zero }
        let passed = Duration.milliseconds(now.milliseconds(since: last))
        guard passed >= .zero, passed < interval else { return .zero }
        return interval - passed
    }

    /// Notes the end of a round.
    mutating func ended(_ done: [Place], at now: Timestamp, _ log: Logger) {
        for place in done { record.ended[place.key] = now }
        let known = Set(places.map(\.key))
        // What another agent has now is asked anew when it comes back.
        record.ended = record.ended.filter { known.contains($0.key) }
        do {
            try DurableFile.replace(path, with: Array(try JSONEncoder().encode(record)))
        } catch { log.warning("\(path): \(error)") }
    }
}
