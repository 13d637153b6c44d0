import Model
import Testing
import Wire

@testable import AgentRuntime

@Suite("What goes ahead after an outage")
struct SpoolAheadTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func open(bytes: Int = 1 << 20) -> SpoolJournal {
        SpoolJournal(directory: directory.path + "/spool", bounds: SpoolBounds(bytes: bytes, age: 1000)) { 0 }
    }

    private func report(_ text: String) -> PendingReport {
        PendingReport(kind: ReportKind.status.rawValue, claimedMilliseconds: 5, payload: Array(text.utf8))
    }

    /// Takes the next batch and acknowledges it; "overtaken:" in front of those that others went ahead of.
    private func take(_ journal: SpoolJournal, frames: Int = 3) -> String? {
        guard let batch = journal.next(maximumBytes: 10_000, maximumFrames: frames), let first = batch.frames.first,
            let last = batch.frames.last
        else { return nil }
        journal.acknowledge(epoch: batch.epoch, from: first.sequence, through: last.sequence)
        return (batch.isOvertaken ? "overtaken:" : "")
            + batch.frames.map { String(decoding: $0.payload, as: UTF8.self) }.joined(separator: ",")
    }

    @Test("A7: what is enqueued after an outage goes first, what waited follows as overtaken, then order is back")
    func order() {
        let journal = open()
        for number in 1...7 { journal.append([report("old\(number)")]) }
        #expect(journal.waitsBeyond(bytes: 10_000, frames: 3))
        journal.goAhead()
        journal.append([report("new1"), report("new2")])
        #expect(take(journal) == "new1,new2")
        #expect(take(journal) == "overtaken:old1,old2,old3")
        journal.append([report("new3")])
        #expect(take(journal) == "new3")
        #expect(take(journal) == "overtaken:old4,old5,old6")
        #expect(take(journal) == "overtaken:old7")
        #expect(journal.current.freshFrom == nil && journal.current.ahead.isEmpty)
        journal.append([report("new4")])
        #expect(take(journal) == "new4")
        #expect(take(journal) == nil)
        #expect(journal.current.enqueued == 11 && journal.current.acknowledged == 11 && journal.current.dropped == 0)
        #expect(journal.current.settled == 11)
    }

    @Test("A7: a restart after any batch loses nothing, repeats nothing and declares nothing", arguments: 0...5)
    func restarts(after batches: Int) throws {
        var journal: SpoolJournal? = open(bytes: 256 << 10)
        let filler = String(repeating: "x", count: 3000)
        for number in 1...20 { journal?.append([report("\(number) \(filler)")]) }
        journal?.goAhead()
        for number in 21...40 { journal?.append([report("\(number) \(filler)")]) }
        var seen: [String] = []
        for _ in 0..<batches { seen += [journal.flatMap { take($0, frames: 4) }].compactMap { $0 } }
        journal = nil
        let next = open(bytes: 256 << 10)
        let standing = try #require(try SpoolStanding.read(directory.path + "/spool"))
        #expect(standing.waiting == UInt64(next.segments.reduce(0) { $0 + $1.entries.count }))
        while let text = take(next, frames: 4), seen.count < 100 { seen.append(text) }
        let numbers = seen.flatMap { $0.split(separator: ",") }.compactMap { text in
            text.split(separator: " ").first?.split(separator: ":").last.flatMap { Int($0) }
        }
        #expect(numbers.sorted() == Array(1...40))
        #expect(numbers.prefix(20) == Array(21...40)[...])
        #expect(next.current.enqueued == 40 && next.current.acknowledged == 40 && next.current.dropped == 0)
    }

    @Test("A7: caps hold while others go ahead, and what is dropped is declared")
    func caps() throws {
        let journal = open(bytes: 64 << 10)
        for _ in 1...15 { journal.append([report(String(repeating: "o", count: 3000))]) }
        journal.goAhead()
        for _ in 1...30 { journal.append([report(String(repeating: "n", count: 3000))]) }
        #expect(journal.totalBytes <= 64 << 10)
        var frames: [Frame] = []
        while let batch = journal.next(maximumBytes: 20_000, maximumFrames: 5), let last = batch.frames.last {
            frames += batch.frames
            journal.acknowledge(epoch: batch.epoch, from: batch.frames.first?.sequence ?? 0, through: last.sequence)
        }
        let gaps = try frames.filter { $0.kind == ReportKind.gap.rawValue }.map { frame -> UInt64 in
            guard case .gap(let gap) = try ReportCodec.decode(frame).report else { return 0 }
            #expect(gap.cause == "bytes")
            return gap.count
        }
        #expect(gaps.reduce(0, +) == journal.current.dropped && journal.current.dropped > 0)
        #expect(UInt64(frames.count) + journal.current.dropped == journal.current.enqueued)
    }
}
