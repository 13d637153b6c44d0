import Glibc
import Testing
import Wire

@testable import AgentRuntime

/// What is flushed when.
extension SpoolJournalTests {
    /// The spool as a power cut leaves it: of each segment what was flushed, by inode, and nothing of the page cache.
    private func afterPowerCut(flushed: [ino_t: Int]) throws -> SpoolJournal {
        let cut = directory.path + "/cut"
        TemporaryDirectory.remove(cut)
        try #require(mkdir(cut, 0o700) == 0)
        for name in TemporaryDirectory.names(in: path) {
            var status = stat()
            try #require(stat(path + "/" + name, &status) == 0)
            let content = try bytes(name)
            let length = name.hasSuffix(".seg") ? flushed[status.st_ino] ?? 0 : content.count
            try directory.write(Array(content.prefix(length)), to: "cut/" + name)
        }
        return SpoolJournal(directory: cut, bounds: SpoolBounds(bytes: 1 << 20, age: 1000)) { 0 }
    }

    @Test("A3: What is enqueued outlives a power cut that takes everything that was not flushed")
    func powerCut() throws {
        var flushed: [ino_t: Int] = [:]
        let journal = open(flush: { descriptor in
            var status = stat()
            guard fstat(descriptor, &status) == 0, fsync(descriptor) == 0 else { return -1 }
            flushed[status.st_ino] = Int(status.st_size)
            return 0
        })
        for number in 1...9 {
            #expect(journal.append([report("r\(number)")]))
            let all = drain(try afterPowerCut(flushed: flushed))
            #expect(texts(all) == (1...number).map { "r\($0)" })
            #expect(try gaps(all).isEmpty)
        }
    }

    @Test("A5: What could not be flushed was not enqueued: written anew it comes once, and nothing counts as lost")
    func failedFlush() throws {
        var fails = false
        let journal = open(flush: { descriptor in
            guard fails else { return fsync(descriptor) }
            fails = false
            errno = EIO
            return -1
        })
        #expect(journal.append([report("a")]))
        let epoch = journal.current.epoch
        fails = true
        #expect(journal.append([report("b"), report("c")]))
        #expect(journal.current.epoch != epoch)
        let all = drain(journal)
        #expect(texts(all) == ["a", "b", "c"])
        #expect(all.filter { $0.epoch == epoch }.map(\.frame.sequence) == [1])
        #expect(try gaps(all) == [GapReport(cause: "disk", epoch: epoch, first: 2, last: 2, count: 0)])
    }
}
