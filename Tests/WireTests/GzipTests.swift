import Model
import Testing
import Wire

@Suite("Gzip")
struct GzipTests {
    private let text = Array("the muster roll of a fleet".utf8)

    @Test("What was packed comes back, empty bodies and bodies over one chunk included")
    func roundTrip() throws {
        for body in [
            [], text, [UInt8](repeating: 7, count: 70_000), (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) },
        ] {
            #expect(try Gzip.decompress(try Gzip.compress(body)) == body)
        }
    }

    @Test("The head is the one of RFC 1952")
    func head() throws {
        #expect(try Gzip.compress(text).starts(with: [0x1f, 0x8b, 8]))
    }

    @Test("B1: A stream cut anywhere is truncated, never an answer")
    func truncated() throws {
        let packed = try Gzip.compress(text)
        for count in 0..<packed.count {
            #expect(throws: GzipError.truncated) { try Gzip.decompress(Array(packed[..<count])) }
        }
    }

    @Test("B1: Octets behind the stream are refused and counted")
    func trailing() throws {
        let packed = try Gzip.compress(text)
        #expect(throws: GzipError.trailing(bytes: 3)) { try Gzip.decompress(packed + [0, 1, 2]) }
        #expect(throws: GzipError.trailing(bytes: packed.count)) { try Gzip.decompress(packed + packed) }
    }

    @Test("Other bytes and a flipped trailer are damaged")
    func damaged() throws {
        #expect(throws: GzipError.damaged) { try Gzip.decompress(text) }
        var packed = try Gzip.compress(text)
        packed[packed.count - 5] ^= 1
        #expect(throws: GzipError.damaged) { try Gzip.decompress(packed) }
    }

    @Test("B1: A bomb ends at the ratio, a large body at the limit")
    func bomb() throws {
        let bomb = try Gzip.compress([UInt8](repeating: 0, count: 8 << 20), level: 9)
        #expect(throws: GzipError.ratio) { try Gzip.decompress(bomb) }
        let noise = (0..<400_000).map { _ in UInt8.random(in: 0...255) }
        let packed = try Gzip.compress(noise)
        #expect(throws: GzipError.tooLarge(limit: 100_000)) { try Gzip.decompress(packed, limit: 100_000) }
    }

    @Test("A MiB may be as thin as it likes")
    func thinFirstMegabyte() throws {
        let body = [UInt8](repeating: 0, count: 1 << 20)
        #expect(try Gzip.decompress(try Gzip.compress(body)).count == 1 << 20)
    }
}
