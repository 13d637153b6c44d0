/// How many packages, cores and logical processors are in use (sysfs, Documentation/ABI/stable/sysfs-devices-system-cpu).
struct CPUTopology {
    /// Distinct sets of processors that share a package; nil where sysfs does not say.
    private(set) var sockets: Int?
    /// Distinct sets of processors that share a core; nil where sysfs does not say.
    private(set) var cores: Int?
    /// Processors in use; nil where sysfs does not say.
    private(set) var threads: Int?

    private static let directory = "/sys/devices/system/cpu"

    /// Reads the tree; what is not there stays nil.
    init(_ root: SystemRoot) {
        var packages: Set<String> = []
        var cores: Set<String> = []
        let names = (try? root.names(CPUTopology.directory)) ?? []
        for name in names where isProcessor(name) {
            let place = "\(CPUTopology.directory)/\(name)/topology/"
            // The names before and since Linux 5.5; a package's number may be -1 and a core's repeats in each package.
            if let package = root.line(place + "package_cpus") ?? root.line(place + "core_siblings") {
                packages.insert(package)
            }
            if let core = root.line(place + "core_cpus") ?? root.line(place + "thread_siblings") { cores.insert(core) }
        }
        sockets = packages.isEmpty ? nil : packages.count
        self.cores = cores.isEmpty ? nil : cores.count
        threads = root.line(CPUTopology.directory + "/online").flatMap(CPUTopology.count)
    }

    /// How many numbers a list such as `0-3,8,10-11` holds; nil when it is not one.
    static func count(_ list: String) -> Int? {
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
