extension Collection<UInt8> where Index == Int {
    /// The big-endian number of `count` bytes at an offset from the start; nil outside.
    func bigEndian(at offset: Int, count: Int) -> UInt64? {
        guard offset >= 0, count <= 8, offset <= self.count - count else { return nil }
        var value: UInt64 = 0
        for place in offset..<(offset + count) { value = value << 8 | UInt64(self[startIndex + place]) }
        return value
    }

    /// The little-endian number of `count` bytes at an offset from the start; nil outside.
    public func littleEndian(at offset: Int, count: Int) -> UInt64? {
        guard offset >= 0, count <= 8, offset <= self.count - count else { return nil }
        var value: UInt64 = 0
        for place in (offset..<(offset + count)).reversed() { value = value << 8 | UInt64(self[startIndex + place]) }
        return value
    }
}
