/// Names that somebody may have meant who wrote another.
enum NearNames {
    /// The longest name that is compared, in bytes; the work grows with its square.
    static let longest = 64

    /// At most three of `names` that are a slip or two away from `wanted`, the nearest first; ASCII case does not count.
    static func near(_ wanted: String, among names: [String]) -> [String] {
        let asked = folded(wanted)
        guard (2...longest).contains(asked.count) else { return [] }
        let tolerated = asked.count < 5 ? 1 : 2
        var found: [(name: String, distance: Int)] = []
        var seen: Set<String> = []
        for name in names where seen.insert(name).inserted {
            let bytes = folded(name)
            guard bytes.count <= longest, abs(bytes.count - asked.count) <= tolerated || bytes.starts(with: asked)
            else {
                continue
            }
            let distance = bytes.starts(with: asked) ? tolerated : slips(asked, bytes)
            if distance <= tolerated { found.append((name, distance)) }
        }
        return found.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(3).map(\.name)
    }

    /// `; did you mean web-01 or web-02?`, or nothing.
    static func hint(_ names: [String]) -> String {
        names.isEmpty ? "" : "; did you mean \(names.joined(separator: " or "))?"
    }

    /// Bytes to insert, remove, replace or swap with their neighbour (optimal string alignment).
    static func slips(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var before: [Int] = []
        var last = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var row = [i + 1]
            for (j, b) in right.enumerated() {
                var cost = min(last[j] + (a == b ? 0 : 1), last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a == right[j - 1], left[i - 1] == b { cost = min(cost, before[j - 1] + 1) }
                row.append(cost)
            }
            (before, last) = (last, row)
        }
        return last.last ?? 0
    }

    private static func folded(_ text: String) -> [UInt8] {
        text.utf8.map { (65...90).contains($0) ? $0 | 0x20 : $0 }
    }
}
