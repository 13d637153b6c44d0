import FoundationEssentials
import Model
import Wire

/// The numbers that stand for series in one epoch (foundation, Wire 2), kept on disk so that a restart gives no number
/// a second meaning.
///
/// The file has a line for the epoch and one for each series, in the order of their numbers; new ones are appended, so
/// that an agent with many devices does not write what it knows again for each. A torn last line was never used: a number
/// is on disk before a report with it is enqueued.
struct SeriesDictionary {
    private struct Entry: Codable {
        var subject: Subject
        var series: SeriesName
    }

    private struct Head: Codable {
        var epoch: UInt64
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

    /// How many entries the file holds; nil when it must be written anew.
    private var kept: Int?

    /// The dictionary kept at `path`; empty where there is none.
    init(path: String) {
        self.path = path
        guard let bytes = try? DurableFile.read(path, limit: 64 << 20) else { return }
        let newline = UInt8(ascii: "\n")
        let lines = bytes.split(separator: newline)
        guard let first = lines.first, let head = try? JSONDecoder().decode(Head.self, from: Data(first)) else {
            return
        }
        epoch = head.epoch
        // Introduced again by a new process: the report that carried a name may never have been enqueued.
        for line in lines.dropFirst() {
            guard let entry = try? JSONDecoder().decode(Entry.self, from: Data(line)) else { return }
            number(entry)
        }
        if bytes.last == newline { kept = order.count }
    }

    /// The report of `samples` in `epoch`: new series are introduced with it.
    mutating func report(_ samples: [Sample], subject: Subject, epoch: UInt64) throws -> SampleReport {
        if epoch != self.epoch {
            self.epoch = epoch
            numbers = [:]
            order = []
            introduced = []
            kept = nil
        }
        var values: [UInt32: Double] = [:]
        var names: [IndexedSeries] = []
        for sample in samples where sample.value.isFinite {
            let index = number(Entry(subject: subject, series: sample.series))
            values[index] = sample.value
            if introduced.insert(index).inserted { names.append(IndexedSeries(index: index, series: sample.series)) }
        }
        if order.count != kept { try save() }
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

    private mutating func save() throws {
        let encoder = JSONEncoder()
        let newline = UInt8(ascii: "\n")
        var bytes: [UInt8] = []
        if kept == nil { bytes += try encoder.encode(Head(epoch: epoch)) + [newline] }
        for entry in order[(kept ?? 0)...] { bytes += try encoder.encode(entry) + [newline] }
        let isAppended = kept != nil
        // After a failure nobody knows what the file holds.
        kept = nil
        if isAppended {
            try DurableFile.append(bytes, to: path)
        } else {
            try DurableFile.replace(path, with: bytes)
        }
        kept = order.count
    }
}
