extension TOMLTable {
    /// The span of time under `key`, written as a whole number and a unit (`"250ms"`, `"10s"`, `"5m"`, `"1h"`,
    /// `"2d"`), in `range`; nil where it is absent.
    public func duration(
        _ key: String, in range: ClosedRange<Duration> = .zero ... .seconds(3_660 * 86_400)
    ) throws(TOMLError) -> Duration? {
        note(key, "a time, \"\(durationText(range.lowerBound))\" to \"\(durationText(range.upperBound))\"")
        guard let node = node(key) else { return nil }
        let form = "a number with a unit, like \"250ms\", \"10s\", \"5m\", \"1h\" or \"2d\""
        guard case .string(let text) = node.value else { throw wrongType(key, form, node) }
        guard let duration = parseDuration(text) else {
            throw refusal(key, found: "\"\(text)\"", accepted: form)
        }
        guard range.contains(duration) else {
            let bounds = "\"\(durationText(range.lowerBound))\" to \"\(durationText(range.upperBound))\""
            throw refusal(key, found: "\"\(text)\"", accepted: "a time from \(bounds)")
        }
        return duration
    }

    /// The span of time under `key`, which must stand there.
    public func requiredDuration(
        _ key: String, in range: ClosedRange<Duration> = .zero ... .seconds(3_660 * 86_400)
    ) throws(TOMLError) -> Duration {
        guard let duration = try duration(key, in: range) else { throw missing(key) }
        require(key)
        return duration
    }
}

private let units: [(suffix: String, milliseconds: Int64)] = [
    ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
]

private func parseDuration(_ text: String) -> Duration? {
    let digits = text.utf8.prefix { (48...57).contains($0) }
    guard (1...15).contains(digits.count), let number = Int64(String(Substring(digits))) else { return nil }
    let suffix = text.utf8.dropFirst(digits.count)
    guard let unit = units.first(where: { $0.suffix.utf8.elementsEqual(suffix) }) else { return nil }
    let (milliseconds, overflow) = number.multipliedReportingOverflow(by: unit.milliseconds)
    return overflow ? nil : .milliseconds(milliseconds)
}

/// The span as it is written in a configuration, in the largest unit that leaves no rest.
func durationText(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    if attoseconds != 0 { return "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)ms" }
    for unit in units.reversed() where seconds != 0 && unit.milliseconds >= 1000 {
        let size = unit.milliseconds / 1000
        if seconds % size == 0 { return "\(seconds / size)\(unit.suffix)" }
    }
    return "\(seconds)s"
}
