/// How many packages, cores and logical processors are in use (sysfs, Documentation/ABI/stable/sysfs-devices-system-cpu).
public struct CPUTopology: Sendable {
    /// Distinct sets of processors that share a package; nil where sysfs does not say.
    public private(set) var sockets: Int?
    /// Distinct sets of processors that share a core; nil where sysfs does not say.
    public private(set) var cores: Int?
    /// Processors in use; nil where sysfs does not say.
    public private(set) var threads: Int?

    /// The processors in use, as the kernel writes them: `0-3,8`.
    public private(set) var online: String?
    /// Processors that are there, in use or not.
    public private(set) var present: Int?
    /// The names of the processors' directories: `cpu0`, `cpu1` …, in the order of their numbers.
    public private(set) var names: [String] = []

    /// Where they stand.
    public static let directory = "/sys/devices/system/cpu"

    /// Reads the tree; what is not there stays nil.
    public init(_ root: SystemRoot) {
        var packages: Set<String> = []
        var cores: Set<String> = []
        names = ((try? root.names(CPUTopology.directory)) ?? []).filter(isProcessor)
            .sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
        for name in names {
            let place = "\(CPUTopology.directory)/\(name)/topology/"
            // The names before and since Linux 5.5; a package's number may be -1 and a core's repeats in each package.
            if let package = root.line(place + "package_cpus") ?? root.line(place + "core_siblings") {
                packages.insert(package)
            }
            if let core = root.line(place + "core_cpus") ?? root.line(place + "thread_siblings") { cores.insert(core) }
        }
        sockets = packages.isEmpty ? nil : packages.count
        self.cores = cores.isEmpty ? nil : cores.count
        online = root.line(CPUTopology.directory + "/online").flatMap { CPUTopology.count($0) == nil ? nil : $0 }
        threads = online.flatMap(CPUTopology.count)
        present = root.line(CPUTopology.directory + "/present").flatMap(CPUTopology.count)
    }

    /// The numbers of the processors that are there and not in use.
    public static func offline(_ names: [String], _ root: SystemRoot) -> [String] {
        names.filter { root.line("\(directory)/\($0)/online") == "0" }.map { String($0.dropFirst(3)) }
    }

    /// The numbers in a mask such as `00000000,0000003f`, as a list with commas; nil when it is none or empty.
    public static func list(mask: String) -> String? {
        let digits = mask.utf8.filter { $0 != UInt8(ascii: ",") }
        guard digits.count <= 4096, digits.allSatisfy(isHexadecimalDigit) else { return nil }
        var numbers: [String] = []
        for (place, digit) in digits.reversed().enumerated() {
            guard let value = UInt8(String(UnicodeScalar(digit)), radix: 16) else { return nil }
            for bit in 0..<4 where value & 1 << UInt8(bit) != 0 { numbers.append(String(place * 4 + bit)) }
        }
        return numbers.isEmpty ? nil : numbers.joined(separator: ",")
    }

    /// How many numbers a list such as `0-3,8,10-11` holds; nil when it is not one.
    public static func count(_ list: String) -> Int? {
        var total = 0
        for part in list.split(separator: ",") {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
            guard let first = ends.first, let low = first, let last = ends.last, let high = last, ends.count <= 2,
                low <= high
            else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(Int(high - low) + 1)
            guard !overflow else { return nil }
            total = sum
        }
        return total > 0 ? total : nil
    }
}

private func isProcessor(_ name: String) -> Bool {
    name.hasPrefix("cpu") && name.utf8.count > 3 && name.utf8.dropFirst(3).allSatisfy { (48...57).contains($0) }
}
