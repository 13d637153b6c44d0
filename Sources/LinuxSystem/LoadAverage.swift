/// How many tasks ran or waited for a processor or disk, averaged (/proc/loadavg, proc(5)).
public struct LoadAverage: Hashable, Sendable {
    /// Over one minute.
    public var one: Double
    /// Over five minutes.
    public var five: Double
    /// Over fifteen minutes.
    public var fifteen: Double

    /// Reads /proc/loadavg; nil where its text is not what proc(5) says.
    public static func read(_ root: SystemRoot) throws(SystemReadError) -> LoadAverage? {
        LoadAverage(try root.content("/proc/loadavg", limit: 4096))
    }

    /// Parses the three numbers at the start.
    init?(_ content: ByteText) {
        let values = content.fields.prefix(3).map { decimal($0) }
        guard values.count == 3, let one = values[0], let five = values[1], let fifteen = values[2] else { return nil }
        self.one = one
        self.five = five
        self.fifteen = fifteen
    }
}

/// The number in plain digits with at most one point; nil for anything else (`nan`, `inf`, `0x1p3`, a sign).
func decimal(_ text: ByteText) -> Double? {
    let text = text.trimmed
    guard (1...24).contains(text.bytes.count), text.bytes.allSatisfy({ (48...57).contains($0) || $0 == 46 }) else {
        return nil
    }
    return Double(text.string)
}
