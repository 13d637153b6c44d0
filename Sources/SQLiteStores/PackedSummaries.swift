import FoundationEssentials

/// Summaries of one CI and span in one blob: per series its number, the count, and least, mean and greatest value, each
/// eight octets, highest first.
enum PackedSummaries {
    private static let octets = 40

    static func encode(_ summaries: [(Int64, SampleSummary)]) -> Data {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(summaries.count * octets)
        for (series, summary) in summaries {
            for word in [
                UInt64(bitPattern: series), UInt64(bitPattern: summary.count), summary.least.bitPattern,
                summary.mean.bitPattern, summary.greatest.bitPattern,
            ] {
                for shift in stride(from: UInt64(56), through: 0, by: -8) {
                    bytes.append(UInt8(truncatingIfNeeded: word >> shift))
                }
            }
        }
        return Data(bytes)
    }

    /// The summary of a series; nil where it is not there. A damaged tail is left out.
    static func summary(of series: Int64, in blob: Data) -> SampleSummary? {
        let bytes = Array(blob)
        for start in stride(from: 0, to: bytes.count - octets + 1, by: octets) {
            let words = (0..<5).map { word in
                bytes[(start + word * 8)..<(start + word * 8 + 8)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            }
            guard Int64(bitPattern: words[0]) == series else { continue }
            return SampleSummary(
                count: Int64(bitPattern: words[1]), least: Double(bitPattern: words[2]),
                mean: Double(bitPattern: words[3]), greatest: Double(bitPattern: words[4]))
        }
        return nil
    }
}
