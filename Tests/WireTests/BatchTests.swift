import Model
import Testing
import Wire

@Suite("Batch")
struct BatchTests {
    private let batch = Batch(
        epoch: 0x0102_0304_0506_0708,
        frames: [
            Frame(sequence: 1, claimedTime: Timestamp(milliseconds: 2), kind: 6, payload: [0xaa]),
            Frame(sequence: 300, claimedTime: Timestamp(milliseconds: -1), kind: 250, payload: []),
        ])
    private let octets: [UInt8] =
        [0x4d, 0x53, 0x54, 0x52, 0x01, 8, 7, 6, 5, 4, 3, 2, 1, 2] + [1, 4, 6, 1, 0xaa] + [0xac, 2, 1, 250, 0]

    @Test("The octets are these and no others")
    func exact() throws {
        #expect(batch.encoded() == octets)
        #expect(try Batch(decoding: octets) == batch)
    }

    @Test("A7: that newer frames went ahead is said by the form octet alone")
    func overtaken() throws {
        var late = batch
        late.isOvertaken = true
        var expected = octets
        expected[4] = 2
        #expect(late.encoded() == expected)
        #expect(try Batch(decoding: expected) == late)
    }

    @Test("A batch cut anywhere is refused")
    func truncated() {
        for count in 0..<octets.count {
            #expect(throws: PackedError.self) { try Batch(decoding: Array(octets[..<count])) }
        }
    }

    @Test("Another version, trailing octets, and sequences that stand still or start at 0 are refused")
    func refused() {
        var other = octets
        other[4] = 3
        #expect(throws: PackedError.unexpected(what: "batch form", value: 3, at: 4)) { try Batch(decoding: other) }
        #expect(throws: PackedError.self) { try Batch(decoding: octets + [0]) }
        var still = octets
        still.replaceSubrange(19...20, with: [1])
        #expect(throws: PackedError.self) { try Batch(decoding: still) }
        var zero = octets
        zero[14] = 0
        #expect(throws: PackedError.self) { try Batch(decoding: zero) }
    }

    @Test("Counts and lengths beyond the limits are refused before anything is read")
    func limits() {
        let head = Array(octets[..<13])
        #expect(throws: PackedError.self) { try Batch(decoding: head + [0xff, 0xff, 0xff, 0xff, 0x0f]) }
        let hugePayload = head + [1, 1, 0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]
        #expect(throws: PackedError.self) { try Batch(decoding: hugePayload) }
        let overlong = head + [UInt8](repeating: 0x80, count: 10) + [1]
        #expect(throws: PackedError.self) { try Batch(decoding: overlong) }
    }

    @Test("Any octet changed gives an error or another batch, never a trap")
    func flips() {
        for place in octets.indices {
            for bit in 0..<8 {
                var changed = octets
                changed[place] ^= 1 << UInt8(bit)
                if let read = try? Batch(decoding: changed) { #expect(read != batch) }
            }
        }
    }

    @Test("Integers survive at both ends of their range")
    func integers() throws {
        var writer = ByteWriter()
        writer.variable(.max)
        writer.signed(.min)
        writer.signed(.max)
        writer.fixed(.max)
        var reader = ByteReader(writer.bytes)
        #expect(try reader.variable() == .max)
        #expect(try reader.signed() == .min)
        #expect(try reader.signed() == .max)
        #expect(try reader.fixed() == .max)
        #expect(reader.remaining == 0)
    }
}
