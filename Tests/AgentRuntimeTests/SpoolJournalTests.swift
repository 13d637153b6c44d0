import Glibc
import Model
import Testing
import Wire

@testable import AgentRuntime

@Suite("SpoolJournal")
struct SpoolJournalTests {
    let directory: TemporaryDirectory
    var path: String { directory.path + "/spool" }

    init() throws { directory = try TemporaryDirectory() }

    func open(
        bytes: Int = 1 << 20, age: UInt64 = 1000, flush: @escaping (Int32) -> Int32 = fsync,
        uptime: @escaping () -> UInt64 = { 0 }
    ) -> SpoolJournal {
        SpoolJournal(directory: path, bounds: SpoolBounds(bytes: bytes, age: age), flush: flush, uptime: uptime)
    }

    func report(_ text: String) -> PendingReport {
        PendingReport(kind: ReportKind.status.rawValue, claimedMilliseconds: 5, payload: Array(text.utf8))
    }

    private func segments() -> [String] { TemporaryDirectory.names(in: path).filter { $0.hasSuffix(".seg") } }

    func bytes(_ name: String) throws -> [UInt8] { try DurableFile.read(path + "/" + name) }

    private func put(_ bytes: [UInt8], _ name: String) throws { try directory.write(bytes, to: "spool/" + name) }

    /// Everything a collector would get, acknowledged batch by batch.
    func drain(_ journal: SpoolJournal) -> [(epoch: UInt64, frame: Frame)] {
        var all: [(UInt64, Frame)] = []
        while let batch = journal.next(maximumBytes: 10_000, maximumFrames: 7), let last = batch.frames.last {
            all += batch.frames.map { (batch.epoch, $0) }
            journal.acknowledge(epoch: batch.epoch, through: last.sequence)
            if all.count > 10_000 { break }
        }
        return all
    }

    func gaps(_ all: [(epoch: UInt64, frame: Frame)]) throws -> [GapReport] {
        try all.compactMap { _, frame in
            guard frame.kind == ReportKind.gap.rawValue, case .gap(let gap) = try ReportCodec.decode(frame).report
            else { return nil }
            return gap
        }
    }

    func texts(_ all: [(epoch: UInt64, frame: Frame)]) -> [String] {
        all.filter { $0.frame.kind == ReportKind.status.rawValue }.map {
            String(decoding: $0.frame.payload, as: UTF8.self)
        }
    }

    @Test("What is enqueued comes out once, in order, from 1, and is gone after the answer")
    func delivery() {
        let journal = open()
        for number in 1...20 { #expect(journal.append([report("r\(number)"), report("s\(number)")])) }
        let all = drain(journal)
        #expect(all.map(\.frame.sequence) == Array(1...40))
        #expect(texts(all) == (1...20).flatMap { ["r\($0)", "s\($0)"] })
        #expect(journal.current.enqueued == 40 && journal.current.acknowledged == 40 && journal.current.dropped == 0)
        #expect(journal.next(maximumBytes: 1, maximumFrames: 1) == nil)
    }

    @Test("A2: While the books cannot be written no delivered file goes, so a killed process gives no number twice")
    func booksBeforeFiles() throws {
        var journal: SpoolJournal? = open()
        for number in 1...5 { journal?.append([report("\(number)")]) }
        journal?.acknowledge(epoch: journal?.current.epoch ?? 0, through: 5)
        let epoch = try #require(journal?.current.epoch)
        // A directory where the books' next form is written: every attempt fails.
        #expect(mkdir(path + "/position.new", 0o700) == 0)
        let text = String(repeating: "x", count: 60_000)
        for _ in 6...20 { journal?.append([report(text)]) }
        for sequence in UInt64(6)...20 { journal?.acknowledge(epoch: epoch, through: sequence) }
        #expect(journal?.next(maximumBytes: 1, maximumFrames: 1) == nil)
        // Killed here, and the disk is well again.
        journal = nil
        #expect(rmdir(path + "/position.new") == 0)
        let next = open()
        next.append([report("21")])
        let all = drain(next)
        let last = try #require(all.last { texts([$0]) == ["21"] })
        #expect(last.epoch != epoch || last.frame.sequence == 21)
        // What had been delivered may come again, under its numbers.
        for (place, frame) in all where place == epoch && frame.sequence <= 20 {
            #expect(frame.payload.count == 60_000)
        }
    }

    @Test("A new process goes on with the same epoch, numbers and books")
    func restart() {
        var journal: SpoolJournal? = open()
        let epoch = journal?.current.epoch
        for number in 1...10 { journal?.append([report("\(number)")]) }
        journal?.acknowledge(epoch: epoch ?? 0, through: 4)
        journal = nil
        let next = open()
        #expect(next.current.epoch == epoch)
        next.append([report("11")])
        #expect(texts(drain(next)) == (5...11).map(String.init))
        #expect(next.current.enqueued == 11 && next.current.acknowledged == 11 && next.current.dropped == 0)
        #expect(segments().count <= 1)
    }

    @Test("Restarts without a report between leave no file and no new epoch")
    func idleRestarts() {
        let epoch = open().current.epoch
        for _ in 0..<5 { #expect(open().current.epoch == epoch) }
        #expect(TemporaryDirectory.names(in: path) == ["epoch", "position"])
    }

    @Test("An answer for another epoch or beyond what was enqueued settles nothing it should not")
    func wrongAnswers() {
        let journal = open()
        journal.append([report("a"), report("b")])
        journal.acknowledge(epoch: journal.current.epoch ^ 1, through: 2)
        #expect(journal.current.acknowledged == 0)
        journal.acknowledge(epoch: journal.current.epoch, through: .max)
        #expect(journal.current.acknowledged == 2 && journal.current.settled == 2)
        journal.append([report("c")])
        #expect(texts(drain(journal)) == ["c"])
    }

    @Test("A3, A6: A segment cut at any octet: good records come, the rest is declared, no number is given twice")
    func truncated() throws {
        var journal: SpoolJournal? = open()
        let epoch = try #require(journal?.current.epoch)
        for number in 1...3 { journal?.append([report("r\(number)")]) }
        journal = nil
        let name = try #require(segments().first)
        let good = try bytes(name)
        let epochFile = try bytes("epoch")
        let position = try bytes("position")
        for length in stride(from: 0, to: good.count, by: 1) {
            for old in TemporaryDirectory.names(in: path) { unlink(path + "/" + old) }
            try put(epochFile, "epoch")
            try put(position, "position")
            try put(Array(good[..<length]), name)
            let journal = open()
            #expect(journal.isDurable)
            journal.append([report("new")])
            let all = drain(journal)
            let old = all.filter { $0.epoch == epoch }
            #expect(texts(all) == (1...3).map { "r\($0)" }.filter(texts(old).contains) + ["new"], "length \(length)")
            #expect(old.map(\.frame.sequence) == (0..<old.count).map { UInt64($0) + 1 })
            // Cut between two records nothing shows it, and `new` takes the next number of the same epoch.
            let isAtBorder = (length - SpoolSegmentHeader.bytes) % ((good.count - SpoolSegmentHeader.bytes) / 3) == 0
            #expect((journal.current.epoch == epoch) == (isAtBorder && length >= SpoolSegmentHeader.bytes))
        }
    }

    @Test("A6: Any octet flipped: every enqueued record is delivered or declared, none twice")
    func flipped() throws {
        var journal: SpoolJournal? = open()
        let epoch = try #require(journal?.current.epoch)
        for number in 1...4 { journal?.append([report("r\(number)")]) }
        journal?.writePosition()
        journal = nil
        let name = try #require(segments().first)
        let good = try bytes(name)
        let epochFile = try bytes("epoch")
        let position = try bytes("position")
        for place in good.indices {
            for old in TemporaryDirectory.names(in: path) { unlink(path + "/" + old) }
            try put(epochFile, "epoch")
            try put(position, "position")
            var changed = good
            changed[place] ^= 1 << UInt8(place % 8)
            try put(changed, name)
            let all = drain(open())
            let delivered = all.filter { $0.epoch == epoch }.map(\.frame.sequence).filter { $0 <= 4 }
            let declared = try gaps(all).filter { $0.epoch == epoch && $0.count > 0 }.flatMap { $0.first...$0.last }
            #expect(Set(delivered).count == delivered.count)
            #expect(Set(delivered).union(declared).isSuperset(of: 1...4), "octet \(place)")
            for frame in all where frame.epoch == epoch && frame.frame.kind == ReportKind.status.rawValue {
                #expect(String(decoding: frame.frame.payload, as: UTF8.self) == "r\(frame.frame.sequence)")
            }
        }
    }

    @Test("A3: Zeros behind the last record, as after a power cut, end the epoch with a gap record")
    func zeros() throws {
        var journal: SpoolJournal? = open()
        journal?.append([report("a")])
        let epoch = journal?.current.epoch
        journal = nil
        let name = try #require(segments().first)
        try put(try bytes(name) + [UInt8](repeating: 0, count: 4096), name)
        let next = open()
        #expect(next.current.epoch != epoch)
        let all = drain(next)
        #expect(texts(all) == ["a"])
        #expect(try gaps(all) == [GapReport(cause: "corrupt", epoch: epoch ?? 0, first: 2, last: 2, count: 1)])
        #expect(open().current.epoch == next.current.epoch)
    }

    @Test("A hole in the middle is declared once, however often the agent starts")
    func hole() throws {
        var journal: SpoolJournal? = open()
        for number in 1...3 { journal?.append([report("r\(number)")]) }
        let epoch = try #require(journal?.current.epoch)
        journal = nil
        let name = try #require(segments().first)
        var changed = try bytes(name)
        let second = SpoolSegmentHeader.bytes + (changed.count - SpoolSegmentHeader.bytes) / 3
        changed[second + 14] ^= 0xff
        try put(changed, name)
        for _ in 0..<3 { #expect(open().current.epoch == epoch) }
        let last = open()
        let all = drain(last)
        #expect(texts(all) == ["r1", "r3"])
        #expect(try gaps(all) == [GapReport(cause: "corrupt", epoch: epoch, first: 2, last: 2, count: 1)])
        #expect(last.current.enqueued == 4 && last.current.acknowledged == 3 && last.current.dropped == 1)
    }

    @Test("A6: Foreign versions, directories, links and files others may write are set aside, and the agent lives")
    func foreign() throws {
        for kind in 0..<5 {
            for old in TemporaryDirectory.names(in: path) where unlink(path + "/" + old) != 0 {
                rmdir(path + "/" + old)
            }
            var journal: SpoolJournal? = open()
            journal?.append([report("a")])
            let epoch = journal?.current.epoch ?? 0
            journal?.writePosition()
            journal = nil
            let name = try #require(segments().first)
            var content = try bytes(name)
            unlink(path + "/" + name)
            switch kind {
            case 0:
                content[4] = 9
                try put(content, name)
            case 1: mkdir(path + "/" + name, 0o700)
            case 2: symlink("/etc/passwd", path + "/" + name)
            case 3: try directory.write(content, to: "spool/" + name, mode: 0o666)
            default: try put([], name)
            }
            let next = open()
            #expect(next.isDurable)
            #expect(next.append([report("b")]))
            let all = drain(next)
            #expect(texts(all) == ["b"], "kind \(kind)")
            #expect(try gaps(all) == [GapReport(cause: "corrupt", epoch: epoch, first: 1, last: 1, count: 1)])
            #expect(!next.takeNotices().isEmpty)
        }
    }

    @Test("Without its books, or with damaged ones, a spool begins a new epoch and delivers what it has")
    func lostBooks() throws {
        for (name, content) in [
            ("position", nil), ("epoch", nil), ("position", [1, 2, 3]), ("epoch", [UInt8](repeating: 0, count: 50)),
        ] as [(String, [UInt8]?)] {
            for old in TemporaryDirectory.names(in: path) { unlink(path + "/" + old) }
            var journal: SpoolJournal? = open()
            journal?.append([report("a"), report("b")])
            let epoch = journal?.current.epoch
            journal = nil
            unlink(path + "/" + name)
            if let content { try put(content, name) }
            let next = open()
            #expect(next.current.epoch != epoch)
            next.append([report("c")])
            let all = drain(next)
            #expect(texts(all) == ["a", "b", "c"])
            #expect(all.filter { $0.epoch == epoch }.map(\.frame.sequence) == [1, 2])
            #expect(try gaps(all).map(\.epoch) == [epoch])
        }
    }

    @Test("A4, A7: Over its bytes the oldest goes first, each span declared, gap records themselves never lost")
    func byteBound() throws {
        let journal = open(bytes: 256 << 10)
        let epoch = journal.current.epoch
        let filler = String(repeating: "x", count: 900)
        for number in 1...2000 { journal.append([report("\(number) \(filler)")]) }
        #expect(journal.totalBytes <= 256 << 10)
        let all = drain(journal)
        #expect(all.last.map { texts([$0]).first?.hasPrefix("2000 ") ?? true } == true)
        let declared = Set(try gaps(all).filter { $0.epoch == epoch }.flatMap { $0.first...$0.last })
        let delivered = Set(all.map(\.frame.sequence))
        #expect(delivered.union(declared) == Set(1...journal.current.enqueued))
        #expect(delivered.isDisjoint(with: declared))
        #expect(journal.current.acknowledged + journal.current.dropped == journal.current.enqueued)
    }

    @Test("A7: Over its age a record is dropped and declared; age is running time, which no clock can set")
    func ageBound() throws {
        var seconds: UInt64 = 0
        let journal = open(age: 1000, uptime: { seconds })
        journal.append([report("old")])
        seconds = 500
        journal.tend()
        journal.append([report("young")])
        seconds = 1600
        journal.tend()
        let all = drain(journal)
        #expect(texts(all) == ["young"])
        #expect(try gaps(all).map { [$0.first, $0.last, $0.count] } == [[1, 1, 1]])
        #expect(try gaps(all).first?.cause == "age")
    }

    @Test(
        "A4, A5: With no directory to write to, reports are kept in memory, sent, and bounded; the disk's return is seen"
    )
    func volatile() throws {
        try directory.write([1], to: "spool")
        var seconds: UInt64 = 0
        let journal = open(bytes: 1 << 20, uptime: { seconds })
        #expect(!journal.isDurable)
        #expect(!journal.append([report("a")]))
        let epoch = journal.current.epoch
        unlink(path)
        seconds = 31
        #expect(journal.append([report("b")]))
        #expect(journal.current.epoch != epoch)
        let all = drain(journal)
        #expect(texts(all) == ["a", "b"])
        #expect(try gaps(all).map(\.epoch) == [epoch])
    }

    @Test("A file taken away under a running agent is declared once, and what comes later is kept")
    func fileTakenAway() throws {
        let journal = open()
        for number in 1...3 { journal.append([report("\(number)")]) }
        for name in segments() { unlink(path + "/" + name) }
        let all = drain(journal)
        #expect(try gaps(all).map(\.count) == [3])
        #expect(journal.append([report("later")]))
        #expect(texts(drain(journal)) == ["later"])
    }

    @Test("A directory taken away under a running agent is declared once; reports go on in memory")
    func directoryTakenAway() throws {
        let journal = open()
        for number in 1...3 { journal.append([report("\(number)")]) }
        TemporaryDirectory.remove(path)
        let all = drain(journal)
        #expect(try gaps(all).filter { $0.cause == "corrupt" }.map(\.count) == [3])
        #expect(all.count < 6)
        #expect(!journal.append([report("later")]))
        #expect(texts(drain(journal)) == ["later"])
    }

    @Test("A4: Memory is bounded, too, and what it loses is declared")
    func volatileBound() throws {
        try directory.write([1], to: "spool")
        let journal = open(bytes: 64 << 10)
        for number in 1...500 { journal.append([report("\(number) " + String(repeating: "x", count: 1000))]) }
        #expect(journal.totalBytes <= 80 << 10)
        let all = drain(journal)
        let declared = try gaps(all).flatMap { $0.first...$0.last }
        #expect(Set(all.map(\.frame.sequence)).union(declared) == Set(1...journal.current.enqueued))
    }

    @Test("A directory that others may write is not trusted with anything")
    func looseDirectory() {
        mkdir(path, 0o700)
        chmod(path, 0o777)
        let journal = open()
        #expect(!journal.isDurable)
        #expect(journal.takeNotices().contains { $0.contains("chmod go-w") })
    }

    @Test("The standing read from files agrees with the books")
    func standing() throws {
        let journal = open()
        for number in 1...9 { journal.append([report("\(number)")]) }
        journal.acknowledge(epoch: journal.current.epoch, through: 3)
        let standing = try #require(try SpoolStanding.read(path))
        #expect(standing.current.epoch == journal.current.epoch)
        #expect(standing.current.enqueued == 9 && standing.current.acknowledged == 3 && standing.waiting == 6)
        #expect(standing.bytes == journal.waitingBytes && standing.bytes > 0)
    }

    @Test("A payload over the limit is refused alone")
    func tooLarge() {
        let journal = open(bytes: 16 << 20)
        let huge = PendingReport(
            kind: 1, claimedMilliseconds: 0, payload: [UInt8](repeating: 0, count: SpoolRecord.maximumPayload + 1))
        journal.append([report("a"), huge, report("b")])
        #expect(texts(drain(journal)) == ["a", "b"])
    }
}
