import Model
import Testing
import Wire

@testable import AgentRuntime

@Suite("Spool codecs")
struct SpoolCodecTests {
    @Test("CRC-32C has the check value of its catalogue and of RFC 3720")
    func crc() {
        #expect(CRC32C.sum(Array("123456789".utf8)) == 0xe306_9283)
        #expect(CRC32C.sum([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    }

    @Test("A record comes back; cut, flipped or of another epoch it does not")
    func record() {
        let frame = Frame(sequence: 7, claimedTime: Timestamp(milliseconds: -5), kind: 3, payload: [1, 2, 3])
        let bytes = SpoolRecord.encode(frame, epoch: 99)
        #expect(SpoolRecord.decode(bytes, at: 0, epoch: 99)?.frame == frame)
        #expect(SpoolRecord.decode(bytes, at: 0, epoch: 99)?.length == bytes.count)
        #expect(SpoolRecord.decode(bytes, at: 0, epoch: 98) == nil)
        for place in bytes.indices {
            #expect(SpoolRecord.decode(Array(bytes[..<place]), at: 0, epoch: 99) == nil)
            var changed = bytes
            changed[place] ^= 0x10
            #expect(SpoolRecord.decode(changed, at: 0, epoch: 99) == nil)
        }
        for offset in [-1, 1, bytes.count, .max] { #expect(SpoolRecord.decode(bytes, at: offset, epoch: 99) == nil) }
    }

    @Test("A head comes back; another version is named, anything else is damaged")
    func header() {
        let header = SpoolSegmentHeader(epoch: .max, first: 1, bornAt: 2)
        let bytes = header.encoded()
        #expect(bytes.count == SpoolSegmentHeader.bytes)
        #expect(SpoolSegmentHeader.read(bytes) == .good(header))
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 1
            #expect(SpoolSegmentHeader.read(changed) == (place == 4 ? .foreign(version: 0) : .damaged))
            #expect(SpoolSegmentHeader.read(Array(bytes[..<place])) == .damaged)
        }
    }

    @Test("The books come back; any octet changed is seen")
    func books() {
        var ledger = SpoolLedger(epoch: 5)
        ledger.enqueued = 9
        ledger.settled = 3
        ledger.declared = [5...6]
        let position = SpoolPosition(activeSeconds: 77, ledgers: [ledger, SpoolLedger(epoch: .max)])
        let bytes = position.encoded()
        #expect(SpoolPosition.decode(bytes) == position)
        let closure = SpoolEpochFile.Closure(epoch: 1, last: 2, lost: 3, cause: "corrupt")
        let epoch = SpoolEpochFile(epoch: 8, closures: [closure])
        #expect(SpoolEpochFile.decode(epoch.encoded()) == epoch)
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 2
            #expect(SpoolPosition.decode(changed) == nil)
            #expect(SpoolPosition.decode(Array(bytes[..<place])) == nil)
        }
        for text in ["", "\n", "sum 1\n", "sum\n", "a\nsum 1\n", "a\nsum 0"] {
            #expect(SealedLines.decode(Array(text.utf8)) == nil)
        }
    }
}
