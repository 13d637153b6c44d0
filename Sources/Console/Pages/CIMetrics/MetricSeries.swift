import Model

/// A series of values as people read it: its name, whether it counts up, the unit it is shown in.
struct MetricSeries: Sendable {
    /// The series.
    let name: SeriesName

    /// A series.
    init(_ name: SeriesName) { self.name = name }

    /// The series that a ``key`` names; nil for a text that is no key.
    init?(key: String) {
        let parts = key.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
        guard let metric = parts.first, !metric.isEmpty, parts.count <= 33 else { return nil }
        var attributes: [String: String] = [:]
        for part in parts.dropFirst() {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let name = sides.first, let value = sides.dropFirst().first else { return nil }
            attributes[Self.unescaped(name)] = Self.unescaped(value)
        }
        self.init(SeriesName(Self.unescaped(metric), attributes))
    }

    /// The series written in one line, the same every time: what addresses name it by.
    var key: String {
        let attributes = name.attributes.sorted { $0.key < $1.key }
            .map { Self.escaped($0.key) + "=" + Self.escaped($0.value) }
        return ([Self.escaped(name.metric)] + attributes).joined(separator: ";")
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing(";", with: "%3B").replacing("=", with: "%3D")
    }

    private static func unescaped(_ text: String) -> String {
        text.replacing("%3B", with: ";").replacing("%3D", with: "=").replacing("%25", with: "%")
    }

    /// What it is about.
    var group: MetricGroup { MetricGroup(of: name.metric) }

    /// The metric in the reader's language.
    func label(_ texts: PageTexts) -> String {
        texts.word("metric." + name.metric.replacing(".", with: "_"), else: name.metric.shownOnOneLine(limit: 100))
    }

    /// The metric and what tells the series from others of it, so that no two have one title: `Network traffic · eth0 ·
    /// received`.
    func title(_ texts: PageTexts) -> String {
        [label(texts), note(texts)].compactMap { $0 }.joined(separator: " · ")
    }

    /// What a thing is called stands before what is measured of it.
    private static func place(_ attribute: String) -> Int {
        attribute.hasSuffix("mountpoint") || attribute.hasSuffix("name") ? 0 : attribute.hasSuffix("device") ? 1 : 2
    }

    /// What tells the series from others of its metric: `eth0 · received`; nil where there is one.
    func note(_ texts: PageTexts) -> String? {
        let values = name.attributes.sorted { (Self.place($0.key), $0.key) < (Self.place($1.key), $1.key) }.map {
            _, value in
            texts.word("metric_part." + value.replacing(".", with: "_"), else: value.shownOnOneLine(limit: 80))
        }
        return values.isEmpty ? nil : values.joined(separator: " · ")
    }

    /// Where it stands among others: what people look at first comes first.
    var rank: Int { MetricFamilies.place(of: name.metric) }

    /// Whether values only grow, so that their growth is what is shown.
    var isCounter: Bool { MetricFamilies.named(name.metric)?.isCounter ?? false }

    /// Growth per second where the series counts up, else the values themselves. A counter that fell began anew.
    func shown(_ values: [(time: Timestamp, value: Double)]) -> [(time: Timestamp, value: Double)] {
        guard isCounter else { return values }
        return zip(values, values.dropFirst()).compactMap { before, after in
            let seconds = Double(after.time.milliseconds(since: before.time)) / 1000
            guard seconds > 0, after.value >= before.value else { return nil }
            return (after.time, (after.value - before.value) / seconds)
        }
    }

    /// Whether nothing came for longer than values usually are apart, four times over and at least five minutes.
    static func isOld(_ values: [(time: Timestamp, value: Double)], at moment: Timestamp) -> Bool {
        guard let newest = values.last else { return true }
        let gaps = zip(values, values.dropFirst()).map { $1.time.milliseconds(since: $0.time) }.sorted()
        let usual = gaps.isEmpty ? 0 : min(gaps[gaps.count / 2], 3_600_000)
        return moment.milliseconds(since: newest.time) > max(4 * usual, 300_000)
    }

    /// At most `count` values: the mean of each of as many equal spans that have any.
    static func thinned(
        _ values: [(time: Timestamp, value: Double)], to count: Int
    ) -> [(time: Timestamp, value: Double)] {
        guard values.count > count, count > 0, let first = values.first, let last = values.last else { return values }
        let span = max(last.time.milliseconds(since: first.time) / Int64(count) + 1, 1)
        var thinned: [(time: Timestamp, value: Double)] = []
        var (place, sum, number) = (Int64(-1), 0.0, 0.0)
        for (time, value) in values {
            let here = time.milliseconds(since: first.time) / span
            if here != place { (place, sum, number) = (here, 0, 0) }
            sum += value
            number += 1
            if number == 1 { thinned.append((time, value)) } else { thinned[thinned.count - 1].value = sum / number }
        }
        return thinned
    }

    /// The unit values up to `greatest` are shown in, and what they are divided by.
    func unit(upTo greatest: Double) -> (divisor: Double, name: String) {
        let family = MetricFamilies.named(name.metric)
        switch (family?.unit ?? .count, isCounter) {
        case (.ratio, _), (.seconds, true): return (0.01, "%")
        case (.bytes, let isCounter):
            let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"].map { isCounter ? $0 + "/s" : $0 }
            let unit = Quantity.unit(for: greatest, 1024, units)
            return (unit.size, unit.name)
        case (.seconds, false):
            if name.metric == "system.uptime" { return (86_400, "d") }
            return greatest < 1 ? (0.001, "ms") : (1, "s")
        case (.celsius, _): return (1, "°C")
        case (.turns, _): return (1, "rpm")
        case (.volts, _): return (1, "V")
        case (.amperes, _): return (1, "A")
        case (.watts, _): return (1, "W")
        case (.count, let isCounter): return (1, isCounter ? "/s" : "")
        }
    }
}
