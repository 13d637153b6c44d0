/// What a network interface has carried since it exists (/proc/net/dev, proc(5)).
public struct NetworkCounters: Hashable, Sendable {
    /// The interface's name.
    public var name: String
    /// Bytes, packets, errors and drops on the way in.
    public var received: Direction
    /// Bytes, packets, errors and drops on the way out.
    public var sent: Direction

    /// Counters of one direction; they wrap at 64 bits.
    public struct Direction: Hashable, Sendable {
        /// Bytes.
        public var bytes: UInt64
        /// Packets.
        public var packets: UInt64
        /// Packets with errors.
        public var errors: UInt64
        /// Packets dropped.
        public var drops: UInt64
    }

    /// The counters of all interfaces, in the kernel's order.
    public static func all(_ root: SystemRoot) throws(SystemReadError) -> [NetworkCounters] {
        try root.content("/proc/net/dev", limit: 4 << 20).lines.prefix(20_000).compactMap { NetworkCounters(line: $0) }
    }

    /// Parses one line; nil for the two heading lines and anything short.
    init?(line: ByteText) {
        // The colon may touch the first number; a name may have colons itself (aliases).
        guard let colon = line.bytes.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        let values = ByteText(slice: line.bytes[(colon + 1)...]).fields.map(\.count)
        guard values.count >= 16 else { return nil }
        name = ByteText(slice: line.bytes[..<colon]).trimmed.string
        guard let received = Direction(values[0..<4]), let sent = Direction(values[8..<12]) else { return nil }
        self.received = received
        self.sent = sent
    }
}

extension NetworkCounters.Direction {
    fileprivate init?(_ values: ArraySlice<UInt64?>) {
        let present = values.compactMap { $0 }
        guard present.count == 4 else { return nil }
        self.init(bytes: present[0], packets: present[1], errors: present[2], drops: present[3])
    }
}
