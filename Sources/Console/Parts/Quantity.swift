import Model

/// Values with units as people read them. Stored names carry the unit (`size_bytes`); here it becomes a word.
enum Quantity {
    /// A fact's value in words; the unit follows from the end of its name.
    static func words(_ value: AttributeValue, named name: String, _ texts: PageTexts, limit: Int = 400) -> String {
        switch value {
        case .flag(let flag): return texts.text(flag ? "unit.yes" : "unit.no")
        case .integer(let number): return words(Double(number), exactly: String(number), named: name, texts)
        case .real(let number): return words(number, exactly: decimal(number), named: name, texts)
        case .text(let text):
            let shown = text.shownOnOneLine(limit: limit)
            return named(name, isAmong: worded) ? texts.word("fact_value." + text, else: shown) : shown
        case .list(let items):
            let most = max(limit / 10, 1)
            return items.prefix(most).map { $0.shownOnOneLine(limit: 120) }.joined(separator: ", ")
                + (items.count > most ? " …" : "")
        }
    }

    /// Facts whose texts are words of ours.
    private static let worded = ["state", "admin", "oper", "kind"]

    private static func named(_ name: String, isAmong names: [String]) -> Bool {
        names.contains { name == $0 || name.hasSuffix("." + $0) }
    }

    private static func words(
        _ number: Double, exactly plain: String, named name: String, _ texts: PageTexts
    ) -> String {
        for (suffix, words) in units where name.hasSuffix(suffix) { return words(number, texts) }
        return plain
    }

    private static let units: [(String, @Sendable (Double, PageTexts) -> String)] = [
        ("_bytes", { number, _ in bytes(number) }),
        ("_bps", { number, _ in scaled(number, 1000, ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"]) }),
        ("_mbps", { number, _ in scaled(number * 1e6, 1000, ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"]) }),
        ("_hz", { number, _ in scaled(number, 1000, ["Hz", "kHz", "MHz", "GHz"]) }),
        ("_mhz", { number, _ in scaled(number * 1e6, 1000, ["Hz", "kHz", "MHz", "GHz"]) }),
        ("_seconds", { number, texts in duration(number, texts) }),
        ("_percent", { number, _ in decimal(number) + " %" }),
        ("_celsius", { number, _ in decimal(number) + " °C" }),
    ]

    /// `23.5 GiB`.
    static func bytes(_ number: Double) -> String {
        scaled(number, 1024, ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"])
    }

    /// The number in the largest unit in which it is at least one.
    static func scaled(_ number: Double, _ step: Double, _ names: [String]) -> String {
        let (power, name) = unit(for: number, step, names)
        return decimal(number / power) + " " + name
    }

    /// The size and name of the largest of `names`' units in which a number is at least one.
    static func unit(for number: Double, _ step: Double, _ names: [String]) -> (size: Double, name: String) {
        var (size, index) = (1.0, 0)
        while abs(number) >= size * step, index < names.count - 1 {
            size *= step
            index += 1
        }
        return (size, names[index])
    }

    /// `3 d 4 h`: the two largest parts that are not zero.
    static func duration(_ seconds: Double, _ texts: PageTexts) -> String {
        guard seconds.isFinite, abs(seconds) < 1e15 else { return decimal(seconds) + " s" }
        var rest = Int64(abs(seconds).rounded())
        var parts: [String] = []
        for (name, size) in [("days", 86_400), ("hours", 3600), ("minutes", 60), ("seconds", 1)] as [(String, Int64)] {
            let count = rest / size
            rest -= count * size
            if count > 0 || (size == 1 && parts.isEmpty) {
                parts.append(texts.text("unit." + name, ["count": String(count)]))
            }
        }
        return (seconds <= -0.5 ? "−" : "") + parts.prefix(2).joined(separator: " ")
    }

    /// At most three digits that matter behind the point, none that say nothing: `23.5`, `0.042`, `1200`.
    static func decimal(_ number: Double) -> String {
        guard number.isFinite, abs(number) < 1e15 else { return String(number) }
        let digits: Double = abs(number) >= 100 ? 1 : abs(number) >= 10 ? 10 : abs(number) >= 1 ? 100 : 1000
        let rounded = (number * digits).rounded() / digits
        return rounded == rounded.rounded() ? String(Int64(rounded)) : String(rounded)
    }
}
