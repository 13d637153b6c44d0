/// How long tasks waited for a resource (/proc/pressure/*, the kernel's Documentation/accounting/psi.rst).
public struct Pressure: Hashable, Sendable {
    /// At least one task waited.
    public var some: Stall
    /// All tasks that had work waited; nil where the kernel does not tell.
    public var full: Stall?

    /// One line of the file.
    public struct Stall: Hashable, Sendable {
        /// Percent of the time, mean of the last minute.
        public var percentOfMinute: Double
        /// Microseconds since the machine started.
        public var totalMicroseconds: UInt64

        /// Parses `some avg10=0.00 avg60=0.00 avg300=0.00 total=0` without the first word.
        init?(_ fields: some Sequence<ByteText>) {
            var values: [String: ByteText] = [:]
            for field in fields {
                guard let (key, value) = field.cut(at: UInt8(ascii: "=")) else { return nil }
                values[key.string] = value
            }
            guard let mean = values["avg60"].flatMap({ decimal($0) }), let total = values["total"]?.count else {
                return nil
            }
            percentOfMinute = min(mean, 100)
            totalMicroseconds = total
        }
    }

    /// What is waited for; the names of the files.
    public enum Resource: String, CaseIterable, Sendable {
        /// A processor.
        case cpu
        /// Memory: reclaim, swapping, refaults.
        case memory
        /// Disks and other block devices.
        case io
    }

    /// Reads one resource; nil where the text is not what the kernel writes. Kernels before 4.20, and those started
    /// without `psi=1` where that is not built in, have no such file.
    public static func read(_ resource: Resource, _ root: SystemRoot) throws(SystemReadError) -> Pressure? {
        Pressure(try root.content("/proc/pressure/\(resource.rawValue)", limit: 4096))
    }

    /// Parses the lines `some` and `full`.
    init?(_ content: ByteText) {
        var stalls: [String: Stall] = [:]
        for line in content.lines.prefix(8) {
            let fields = line.fields
            guard let word = fields.first else { continue }
            stalls[word.string] = Stall(fields.dropFirst())
        }
        guard let some = stalls["some"] else { return nil }
        self.some = some
        full = stalls["full"]
    }
}
