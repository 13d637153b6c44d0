/// The machine's memory as the kernel counts it (/proc/meminfo, proc(5)), in bytes.
public struct MemoryInfo: Hashable, Sendable {
    private var values: [String: UInt64] = [:]

    /// Reads /proc/meminfo.
    public static func read(_ root: SystemRoot) throws(SystemReadError) -> MemoryInfo {
        MemoryInfo(try root.content("/proc/meminfo", limit: 1 << 20))
    }

    /// Parses lines of `Name: number kB`; others are left out.
    init(_ content: ByteText) {
        for line in content.lines.prefix(1000) {
            guard let (name, rest) = line.cut(at: UInt8(ascii: ":")), name.bytes.count <= 64,
                let number = rest.fields.first?.count
            else { continue }
            let (bytes, overflow) = number.multipliedReportingOverflow(by: rest.hasSuffix("kB") ? 1024 : 1)
            if !overflow { values[name.string] = bytes }
        }
    }

    /// The value of that name, e.g. `MemTotal`, in bytes; nil where the kernel has none.
    public subscript(name: String) -> UInt64? { values[name] }
}
