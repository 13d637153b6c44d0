/// How a mainframe's processors are put together (/proc/sysinfo of s390).
public struct S390Topology: Hashable, Sendable {
    /// Books, in all drawers.
    public var books: Int
    /// Sockets in a book.
    public var socketsPerBook: Int
    /// Cores in a socket.
    public var coresPerSocket: Int

    /// Reads `CPU Topology SW:`, six counts from the outermost to the innermost; nil on any other machine.
    public init?(_ root: SystemRoot) {
        guard let line = S390Topology.value("CPU Topology SW", root) else { return nil }
        let numbers = ByteText(line.utf8).fields.compactMap { $0.number.flatMap(Int.init(exactly:)) }
        guard numbers.count == 6, numbers.allSatisfy({ (0...10_000).contains($0) }), numbers[5] > 0 else { return nil }
        books = max(numbers[2], 1) * max(numbers[3], 1)
        socketsPerBook = max(numbers[4], 1)
        coresPerSocket = numbers[5]
    }

    /// What stands behind `name:`; nil where there is no such line.
    public static func value(_ name: String, _ root: SystemRoot) -> String? {
        guard let content = try? root.content("/proc/sysinfo", limit: 1 << 20) else { return nil }
        for line in content.lines.prefix(10_000) {
            if let (key, value) = line.cut(at: UInt8(ascii: ":")), key.bytes.elementsEqual(name.utf8) {
                return value.string
            }
        }
        return nil
    }
}
