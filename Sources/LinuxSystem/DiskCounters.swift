/// What a block device has done since the machine started (/proc/diskstats, the kernel's
/// Documentation/admin-guide/iostats.rst).
public struct DiskCounters: Hashable, Sendable {
    /// The kernel's name, e.g. `sda`.
    public var name: String
    /// Reads.
    public var read: Direction
    /// Writes.
    public var written: Direction
    /// Milliseconds in which anything was under way; wraps at 32 bits.
    public var busyMilliseconds: UInt64

    /// Counters of one direction.
    public struct Direction: Hashable, Sendable {
        /// Requests done.
        public var operations: UInt64
        /// Bytes.
        public var bytes: UInt64
        /// Milliseconds that the requests took, added up; wraps at 32 bits.
        public var milliseconds: UInt64
    }

    /// The counters of all block devices and partitions, in the kernel's order.
    public static func all(_ root: SystemRoot) throws(SystemReadError) -> [DiskCounters] {
        try root.content("/proc/diskstats", limit: 4 << 20).lines.prefix(20_000).compactMap { DiskCounters(line: $0) }
    }

    /// Parses one line; nil for one that is too short (partitions before Linux 2.6.25) or holds anything but numbers.
    init?(line: ByteText) {
        let fields = line.fields
        guard fields.count >= 13 else { return nil }
        let numbers = fields[3..<13].map(\.count)
        guard let read = Direction(Array(numbers[0..<4])), let written = Direction(Array(numbers[4..<8])),
            let busy = numbers[9]
        else { return nil }
        name = fields[2].string
        self.read = read
        self.written = written
        busyMilliseconds = busy
    }
}

extension DiskCounters.Direction {
    /// Requests, requests merged, sectors of 512 bytes, milliseconds.
    fileprivate init?(_ values: [UInt64?]) {
        guard values.count == 4, let operations = values[0], let sectors = values[2], let milliseconds = values[3]
        else {
            return nil
        }
        let (bytes, overflow) = sectors.multipliedReportingOverflow(by: 512)
        guard !overflow else { return nil }
        self.init(operations: operations, bytes: bytes, milliseconds: milliseconds)
    }
}
