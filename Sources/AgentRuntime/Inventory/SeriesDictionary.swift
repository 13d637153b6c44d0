import FoundationEssentials
import Model
import Wire

/// The numbers that stand for series in one epoch (foundation, Wire 2), kept on disk so that a restart gives no number
/// a second meaning.
struct SeriesDictionary {
    private struct Entry: Codable {
        var subject: Subject
        var series: SeriesName
    }

    private struct Stored: Codable {
        var epoch: UInt64
        var entries: [Entry]
    }

    private struct Key: Hashable {
        var subject: Subject
        var series: SeriesName
    }

    private let path: String
    private(set) var epoch: UInt64 = 0
    private var numbers: [Key: UInt32] = [:]
    private var order: [Entry] = []
    private var introduced: Set<UInt32> = []

    /// The dictionary kept at `path`; empty where there is none.
    init(path: String) {
        self.path = path
        guard let bytes = try? DurableFile.read(path, limit: 64 << 20),
            let stored = try? JSONDecoder().decode(Stored.self, from: Data(bytes))
        else { return }
        epoch = stored.epoch
        // Introduced again by a new process: the report that carried a name may never have been enqueued.
        for entry in stored.entries { number(entry) }
    }

    /// The report of `samples` in `epoch`: new series are introduced with it.
    mutating func report(_ samples: [Sample], subject: Subject, epoch: UInt64) throws -> SampleReport {
        if epoch != self.epoch {
            self.epoch = epoch
            numbers = [:]
            order = []
            introduced = []
        }
        let known = order.count
        var values: [UInt32: Double] = [:]
        var names: [IndexedSeries] = []
        for sample in samples where sample.value.isFinite {
            let index = number(Entry(subject: subject, series: sample.series))
            values[index] = sample.value
            if introduced.insert(index).inserted { names.append(IndexedSeries(index: index, series: sample.series)) }
        }
        if order.count > known { try save() }
        return SampleReport(
            subject: subject, introduced: names,
            values: values.map { IndexedValue(index: $0.key, value: $0.value) }.sorted { $0.index < $1.index })
    }

    /// The collector lacks names: each is introduced again with its next value.
    mutating func introduceAgain() { introduced = [] }

    @discardableResult
    private mutating func number(_ entry: Entry) -> UInt32 {
        let key = Key(subject: entry.subject, series: entry.series)
        if let number = numbers[key] { return number }
        let number = UInt32(truncatingIfNeeded: order.count)
        numbers[key] = number
        order.append(entry)
        return number
    }

    private func save() throws {
        let bytes = try JSONEncoder().encode(Stored(epoch: epoch, entries: order))
        try DurableFile.replace(path, with: Array(bytes))
    }
}
