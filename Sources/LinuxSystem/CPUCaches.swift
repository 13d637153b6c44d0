/// The processors' caches, each counted once however many processors share it (sysfs).
public struct CPUCaches: Hashable, Sendable {
    /// All caches of one level and kind.
    public struct Kind: Hashable, Sendable {
        /// `l1d`, `l1i`, `l2`, `l3` …
        public var name: String
        /// Of all of them together, in bytes.
        public var bytes: UInt64
        /// How many there are.
        public var instances: Int
    }

    /// The kinds, sorted by name; those whose size is not said are left out.
    public private(set) var kinds: [Kind] = []

    /// Reads `cpuN/cache`, or the files that SPARC has in its place.
    public init(_ topology: CPUTopology, _ root: SystemRoot) {
        var seen: Set<String> = []
        var found: [String: Kind] = [:]
        for name in topology.names.prefix(8192) {
            let place = "\(CPUTopology.directory)/\(name)"
            for index in (try? root.names(place + "/cache")) ?? [] where index.hasPrefix("index") {
                let cache = "\(place)/cache/\(index)/"
                guard let level = root.number(cache + "level"), (1...9).contains(level),
                    let size = root.line(cache + "size").flatMap(kibibytes), size > 0
                else { continue }
                let kind = "l\(level)" + suffix(root.line(cache + "type"))
                let sharers = root.line(cache + "shared_cpu_map") ?? root.line(cache + "shared_cpu_list") ?? name
                if seen.insert(kind + sharers).inserted { CPUCaches.count(kind, size, &found) }
            }
            for (file, kind) in [("l1_dcache_size", "l1d"), ("l1_icache_size", "l1i"), ("l2_cache_size", "l2")] {
                guard let size = root.number("\(place)/\(file)").flatMap(UInt64.init(exactly:)), size > 0 else {
                    continue
                }
                CPUCaches.count(kind, size, &found)
            }
        }
        kinds = found.values.sorted { $0.name < $1.name }
    }

    private static func count(_ name: String, _ bytes: UInt64, _ found: inout [String: Kind]) {
        let known = found[name] ?? Kind(name: name, bytes: 0, instances: 0)
        let (sum, overflow) = known.bytes.addingReportingOverflow(bytes)
        if !overflow { found[name] = Kind(name: name, bytes: sum, instances: known.instances + 1) }
    }
}

private func suffix(_ type: String?) -> String {
    switch type {
    case "Data": "d"
    case "Instruction": "i"
    default: ""
    }
}

/// Bytes in `32K`, `8M` or `512`.
private func kibibytes(_ text: String) -> UInt64? {
    let shift: UInt64 = text.hasSuffix("K") ? 10 : text.hasSuffix("M") ? 20 : text.hasSuffix("G") ? 30 : 0
    guard let number = UInt64(shift == 0 ? text[...] : text.dropLast()), number < 1 << 32 else { return nil }
    return number << shift
}
