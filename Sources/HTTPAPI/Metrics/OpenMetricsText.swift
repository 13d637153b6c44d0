import Model

/// Text in the OpenMetrics 1.0 exposition format, put together family by family.
struct OpenMetricsText {
    private(set) var text = ""

    /// The kinds of families used here.
    enum Kind: String {
        case gauge, counter, histogram, info
    }

    /// Begins a family; its samples must follow before the next begins.
    mutating func family(_ name: String, _ kind: Kind, unit: String? = nil, _ help: String) {
        text += "# TYPE \(name) \(kind.rawValue)\n"
        if let unit { text += "# UNIT \(name) \(unit)\n" }
        text += "# HELP \(name) \(Self.escaped(help))\n"
    }

    /// A sample with a whole number.
    mutating func sample(_ name: String, _ labels: [(String, String)] = [], _ value: Int64) {
        text += name + Self.written(labels) + " \(value)\n"
    }

    /// A sample with a real number.
    mutating func sample(_ name: String, _ labels: [(String, String)] = [], real value: Double) {
        text += name + Self.written(labels) + " \(value)\n"
    }

    /// One gauge without labels.
    mutating func gauge(_ name: String, unit: String? = nil, _ help: String, _ value: Int64) {
        family(name, .gauge, unit: unit, help)
        sample(name, [], value)
    }

    /// The samples of one histogram.
    mutating func histogram(_ name: String, _ labels: [(String, String)] = [], _ histogram: DurationHistogram) {
        var sum: Int64 = 0
        for (bound, count) in zip(DurationHistogram.bounds, histogram.counts) {
            sum += count
            sample(name + "_bucket", labels + [("le", "\(bound)")], sum)
        }
        sample(name + "_bucket", labels + [("le", "+Inf")], histogram.count)
        sample(name + "_count", labels, histogram.count)
        sample(name + "_sum", labels, real: histogram.sum)
    }

    /// The whole exposition.
    var finished: String { text + "# EOF\n" }

    private static func written(_ labels: [(String, String)]) -> String {
        guard !labels.isEmpty else { return "" }
        return "{" + labels.map { "\($0)=\"\(escaped($1))\"" }.joined(separator: ",") + "}"
    }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}

/// How many durations fell into each bucket.
struct DurationHistogram: Sendable {
    /// Upper bounds in seconds.
    static let bounds = [0.005, 0.025, 0.1, 0.5, 2.5, 10.0]

    /// Durations in each bucket alone; those above the last bound are only in ``count``.
    private(set) var counts = [Int64](repeating: 0, count: bounds.count)
    private(set) var count: Int64 = 0
    /// Of all durations, in seconds.
    private(set) var sum = 0.0

    /// Takes a duration.
    mutating func note(_ duration: Duration) {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        if let index = Self.bounds.firstIndex(where: { seconds <= $0 }) { counts[index] += 1 }
        count += 1
        sum += seconds
    }
}
