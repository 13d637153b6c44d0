import LinuxSystem
import Model

/// What a monitoring plug-in printed, as the Monitoring Plugins Development Guidelines have it: a line of text, after a `|`
/// performance data, then further lines of text and, after another `|`, of performance data.
package struct PluginOutput: Hashable, Sendable {
    /// The first line up to the `|`.
    var text: String
    /// The performance data in base units.
    var samples: [Sample]
    /// How many values were left out: broken ones, and those beyond ``limit``.
    var leftOut: Int

    /// How many values are kept.
    static let limit = 64

    /// Reads everything; never fails.
    package init(_ output: [UInt8]) {
        let bar = UInt8(ascii: "|")
        let newline = UInt8(ascii: "\n")
        let first = output.prefix { $0 != newline }
        let rest = output[first.endIndex...]
        text = ByteText(slice: first.prefix { $0 != bar }).trimmed.string
        var data = Array(first.drop { $0 != bar }.dropFirst())
        data.append(UInt8(ascii: " "))
        data += rest.drop { $0 != bar }.dropFirst()
        var samples: [Sample] = []
        var leftOut = 0
        var seen: Set<SeriesName> = []
        var scan = PerformanceScan(rest: data[...])
        while let value = scan.next() {
            guard let sample = value.sample, samples.count < PluginOutput.limit, seen.insert(sample.series).inserted
            else {
                leftOut += 1
                continue
            }
            samples.append(sample)
        }
        self.samples = samples
        self.leftOut = leftOut
    }

    /// `'label'=value[unit][;warn[;crit[;min[;max]]]]`: the thresholds behind the value are the plug-in's matter.
    fileprivate struct Value {
        var label: [UInt8]
        var value: ArraySlice<UInt8>

        var sample: Sample? {
            let number = value.prefix { (48...57).contains($0) || [43, 45, 46].contains($0) }
            guard !label.isEmpty, number.count <= 40, let value = Double(String(decoding: number, as: UTF8.self)),
                value.isFinite
            else { return nil }
            let unit = String(decoding: self.value[number.endIndex...].prefix(16), as: UTF8.self)
            var attributes = ["muster.plugin.label": PluginOutput.name(label)]
            guard let known = PluginOutput.units.first(where: { $0.name == unit }) else {
                attributes["muster.plugin.unit"] = unit.shownOnOneLine(limit: 16)
                return Sample(SeriesName("muster.plugin.value", attributes), value)
            }
            return Sample(SeriesName(known.metric, attributes), value * known.factor)
        }
    }

    /// A label as the name of a series: escaped, and cut to what the wire takes of a name.
    private static func name(_ label: [UInt8]) -> String {
        let shown = String(decoding: label.prefix(1024), as: UTF8.self).shownOnOneLine(limit: 100)
        var name = String.UnicodeScalarView()
        var bytes = 0
        for scalar in shown.unicodeScalars {
            bytes += UTF8.width(scalar)
            if bytes > Limits.nameBytes { break }
            name.append(scalar)
        }
        return String(name)
    }

    /// Units of the guidelines and those that plug-ins use beside them; sizes by a thousand, with an i by 1024, as Icinga reads them.
    private static let units: [(name: String, metric: String, factor: Double)] = [
        ("", "muster.plugin.value", 1), ("%", "muster.plugin.ratio", 0.01), ("c", "muster.plugin.counter", 1),
        ("s", "muster.plugin.time", 1), ("ms", "muster.plugin.time", 1e-3), ("us", "muster.plugin.time", 1e-6),
        ("ns", "muster.plugin.time", 1e-9), ("B", "muster.plugin.size", 1), ("KB", "muster.plugin.size", 1e3),
        ("MB", "muster.plugin.size", 1e6), ("GB", "muster.plugin.size", 1e9), ("TB", "muster.plugin.size", 1e12),
        ("PB", "muster.plugin.size", 1e15), ("KiB", "muster.plugin.size", 1024),
        ("MiB", "muster.plugin.size", 1_048_576), ("GiB", "muster.plugin.size", 1_073_741_824),
        ("TiB", "muster.plugin.size", 1_099_511_627_776),
    ]
}

/// Goes through performance data value by value, each byte once.
private struct PerformanceScan {
    var rest: ArraySlice<UInt8>

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) || byte == 0 }

    /// The next value; nil at the end.
    mutating func next() -> PluginOutput.Value? {
        rest = rest.drop(while: PerformanceScan.isBlank)
        guard !rest.isEmpty else { return nil }
        let label = label()
        guard rest.first == UInt8(ascii: "=") else {
            // No value: the word is left out.
            rest = rest.drop { !PerformanceScan.isBlank($0) }
            return PluginOutput.Value(label: label, value: [])
        }
        let word = rest.dropFirst().prefix { !PerformanceScan.isBlank($0) }
        rest = rest[word.endIndex...]
        return PluginOutput.Value(label: label, value: word.prefix { $0 != UInt8(ascii: ";") })
    }

    /// In quotation marks, two of which stand for one, or up to the equals sign.
    private mutating func label() -> [UInt8] {
        let quote = UInt8(ascii: "'")
        guard rest.first == quote else {
            let word = rest.prefix { $0 != UInt8(ascii: "=") && !PerformanceScan.isBlank($0) }
            rest = rest[word.endIndex...]
            return Array(word)
        }
        var label: [UInt8] = []
        rest = rest.dropFirst()
        while let byte = rest.popFirst() {
            if byte == quote {
                guard rest.first == quote else { break }
                rest = rest.dropFirst()
            }
            label.append(byte)
        }
        return label
    }
}
