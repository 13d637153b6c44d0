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
        + [2, 3 << 2 | 1, 2, 0x96, 6, 1, 9]

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
        writer.variable(UInt64(UInt32.max) << 2)
        writer.fixed(0)
        writer.variable(1 << 2)
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

    private func packed(_ values: [Double]) -> [UInt8] {
        let indexed = values.enumerated().map { IndexedValue(index: UInt32($0 + 1), value: $1) }
        return SampleCodec.encode(SampleReport(subject: .host, introduced: [], values: indexed))
    }

    @Test("Every number comes back with the same bits")
    func numbers() throws {
        var values: [Double] = [
            0, -0.0, 1, -1, 0.1, -0.1, 0.3, 1.0 / 3, 1e9, 1e15, 9_007_199_254_740_992, 9_007_199_254_740_994, -9e15,
            1e22, 0.001,
            1e-9, 1e-10, 123_456.789, 2_199_023.255551, 2_199_023.255553, 99_999_999_999.5, .pi, .leastNonzeroMagnitude,
            .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNormalMagnitude,
        ]
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let any = Double(bitPattern: random.next())
            if any.isFinite { values.append(any) }
            let places = Int.random(in: 0...9)
            let power = (0..<places).reduce(1.0) { value, _ in value * 10 }
            values.append(Double(Int64.random(in: -(1 << 45)...(1 << 45))) / power)
        }
        let read = try SampleCodec.decode(packed(values)).values.map(\.value.bitPattern)
        #expect(read == values.map(\.bitPattern))
    }

    @Test("A count, a share to the millionth and hundredths take less than eight octets, whatever else takes nine")
    func size() {
        let none = packed([]).count
        for (value, octets) in [
            (0.0, 2), (63, 2), (3600, 3), (827_539, 4), (17_179_869_184, 7), (0.712345, 5), (0.03, 3), (93.31, 5),
            (1.0 / 3, 9),
        ] {
            #expect(packed([value]).count == none + octets, "\(value)")
        }
    }

    @Test("Unknown forms, decimal places that do not exist and more digits than there are, are refused")
    func badForms() {
        for octets: [UInt8] in [[4 | 3, 0], [4 | 2, 0, 2], [4 | 2, 10, 2], [4 | 2, 255, 2]] {
            #expect(throws: PackedError.self) { try SampleCodec.decode([1, 0, 1] + octets) }
        }
        for digits in [Int64.min, .max, 1 << 53 + 1] {
            for form: [UInt8] in [[4 | 1], [4 | 2, 3]] {
                var writer = ByteWriter()
                writer.raw([1, 0, 1] + form)
                writer.signed(digits)
                #expect(throws: PackedError.self) { try SampleCodec.decode(writer.bytes) }
            }
        }
    }
}
