import Model
import Testing
import Wire

@Suite("SampleCodec")
struct SampleCodecTests {
    private let report = SampleReport(
        subject: .host,
        introduced: [IndexedSeries(index: 3, series: SeriesName("m", ["b": "2", "a": "1"]))],
        values: [IndexedValue(index: 3, value: 1), IndexedValue(index: 200, value: -0.5)])
    private let octets: [UInt8] =
        [1, 1, 3, 1, 0x6d, 2, 1, 0x61, 1, 0x31, 1, 0x62, 1, 0x32]
        + [2, 3, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0xc5, 1, 0, 0, 0, 0, 0, 0, 0xe0, 0xbf]

    @Test("The octets are these, attributes by name and values by index")
    func exact() throws {
        #expect(SampleCodec.encode(report) == octets)
        #expect(try SampleCodec.decode(octets) == report)
    }

    @Test("A device is named by its target")
    func device() throws {
        let device = SampleReport(subject: .device(target: "core"), introduced: [], values: [])
        #expect(SampleCodec.encode(device) == [2, 4, 0x63, 0x6f, 0x72, 0x65, 0, 0])
        #expect(try SampleCodec.decode(SampleCodec.encode(device)) == device)
    }

    @Test("A report cut anywhere, and one with more behind it, is refused")
    func cut() {
        for count in 0..<octets.count {
            #expect(throws: PackedError.self) { try SampleCodec.decode(Array(octets[..<count])) }
        }
        #expect(throws: PackedError.self) { try SampleCodec.decode(octets + [0]) }
    }

    @Test("Not a number, infinities and indexes over 32 bits are refused")
    func badValues() {
        for value in [Double.nan, .infinity, -.infinity, .signalingNaN] {
            let bad = SampleReport(subject: .host, introduced: [], values: [IndexedValue(index: 1, value: value)])
            #expect(throws: PackedError.self) { try SampleCodec.decode(SampleCodec.encode(bad)) }
        }
        var writer = ByteWriter()
        writer.raw([1, 0, 2])
        writer.variable(UInt64(UInt32.max))
        writer.fixed(0)
        writer.variable(1)
        writer.fixed(0)
        #expect(throws: PackedError.self) { try SampleCodec.decode(writer.bytes) }
    }

    @Test("Names over their limit, with NUL or not UTF-8 are refused")
    func badNames() {
        for name: [UInt8] in [
            [UInt8](repeating: 0x61, count: 256), [0x61, 0], [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80],
        ] {
            var writer = ByteWriter()
            writer.raw([1, 1, 1])
            writer.variable(UInt64(name.count))
            writer.raw(name)
            writer.raw([0, 0])
            #expect(throws: PackedError.self) { try SampleCodec.decode(writer.bytes) }
        }
    }

    @Test("Any octet changed gives an error or another report, never a trap")
    func flips() {
        for place in octets.indices {
            for bit in 0..<8 {
                var changed = octets
                changed[place] ^= 1 << UInt8(bit)
                if let read = try? SampleCodec.decode(changed) { #expect(read != report) }
            }
        }
    }

    @Test("Sixty values with known names take about nine octets each")
    func size() {
        let values = (0..<60).map { IndexedValue(index: UInt32($0), value: Double($0)) }
        let bytes = SampleCodec.encode(SampleReport(subject: .host, introduced: [], values: values))
        #expect(bytes.count <= 60 * 9 + 8)
    }
}
