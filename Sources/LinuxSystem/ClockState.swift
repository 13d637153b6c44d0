import CLinux

/// How the kernel's clock stands (adjtimex(2)).
public struct ClockState: Hashable, Sendable {
    /// Whether something keeps the clock right (no `STA_UNSYNC`).
    public var isSynchronized: Bool
    /// Seconds that the clock is still to be corrected by.
    public var offset: Double
    /// Seconds that the clock may be off at most, as its keeper reckons.
    public var maximumError: Double

    /// A state.
    public init(isSynchronized: Bool, offset: Double, maximumError: Double) {
        self.isSynchronized = isSynchronized
        self.offset = offset
        self.maximumError = maximumError
    }

    /// `0` or `1`, the offset, the greatest error, and a newline: the helper's answer.
    public var record: [UInt8] { Array("\(isSynchronized ? 1 : 0) \(offset) \(maximumError)\n".utf8) }

    /// Reads a ``record``; nil when it is not one.
    public init?(record: [UInt8]) {
        guard record.last == UInt8(ascii: "\n") else { return nil }
        let fields = ByteText(record).trimmed.fields.map(\.string)
        guard fields.count == 3, ["0", "1"].contains(fields[0]), let offset = Double(fields[1]),
            let error = Double(fields[2]), offset.isFinite, error.isFinite
        else { return nil }
        self.init(isSynchronized: fields[0] == "1", offset: offset, maximumError: error)
    }

    /// Asks the kernel of the running machine; changes nothing and needs no rights.
    public static func now() throws(SystemReadError) -> ClockState {
        var clock = muster_clock()
        let error = muster_read_clock(&clock)
        guard error == 0 else { throw .unreadable(path: "adjtimex", error: error) }
        return ClockState(
            isSynchronized: clock.is_synchronized, offset: clock.offset_seconds,
            maximumError: clock.maximum_error_seconds)
    }
}
