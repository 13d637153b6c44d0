import LinuxSystem
import Model

/// The processors: model, vendor, how many there are, caches, NUMA nodes, flags and known weaknesses.
public struct CPUSource: InventorySource {
    /// `cpu`
    public static let name = "cpu"

    /// The one kind there is.
    public init() {}

    /// Reads /proc/cpuinfo and sysfs.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let root = context.root
        let info: CPUInfo
        do {
            info = try CPUInfo.read(root)
        } catch {
            guard case .absent = error else { throw error }
            return .noData("/proc/cpuinfo does not exist")
        }
        var facts = Attributes()
        facts.text("model", info.model)
        facts.text("vendor", info.vendor)
        facts.number("sockets", info.sockets)
        facts.number("cores", info.cores)
        facts.number("threads", info.threads)
        facts.text("architecture", architecture(root))
        guard !facts.values.isEmpty else { throw InventoryError("/proc/cpuinfo names no processor") }
        let topology = CPUTopology(root)
        facts.identify(info)
        facts.count(info, topology, root)
        facts.frequencies(info, topology, root)
        for cache in CPUCaches(topology, root).kinds {
            facts.number("\(cache.name)_bytes", cache.bytes)
            facts.number("\(cache.name)_instances", cache.instances)
        }
        let flags = facts.values["flags"]?.list ?? []
        // What it offers to guests.
        facts.text("virtualization", flags.contains("vmx") ? "VT-x" : flags.contains("svm") ? "AMD-V" : nil)
        facts.list("vulnerabilities", vulnerabilities(root))
        return .success([InventorySection(name: .cpu, items: [facts.item("")])])
    }
}

extension Attributes {
    /// What tells one model from another, in each architecture's own words.
    fileprivate mutating func identify(_ info: CPUInfo) {
        text("family", info.value("cpu family", "CPU Family", "family", "marchid"))
        // POWER writes its machine behind `model`.
        let power = info.value("cpu") == nil ? nil : info.value("revision")
        text("model_number", power ?? info.value("model", "CPU Revision", "mimpid", "CPU revision", "revision"))
        text("stepping", info.coreTypes.first?.stepping ?? info.value("stepping"))
        text("microcode", info.value("microcode"))
        text("address_sizes", info.value("address sizes", "Address Sizes"))
        text("bogomips", info.value("bogomips", "BogoMIPS", "bogomips per cpu"))
        let isa = info.value("isa", "ISA")
        text("isa", isa)
        text("mmu", info.value("mmu"))
        let words = info.value("flags", "Features", "features", "type") ?? ""
        let flags = words.split(separator: " ").prefix(1000).map(String.init)
        list("flags", flags)
        text("op_modes", modes(flags, isa))
    }

    /// Shares per core and socket, what is not in use, NUMA nodes, and the books of s390.
    fileprivate mutating func count(_ info: CPUInfo, _ topology: CPUTopology, _ root: SystemRoot) {
        text("online", topology.online)
        number("present", topology.present ?? (topology.names.isEmpty ? nil : topology.names.count))
        text("byte_order", root.line("/sys/kernel/cpu_byteorder"))
        let offline = CPUTopology.offline(topology.names, root)
        if !offline.isEmpty { text("offline", offline.joined(separator: ",")) }
        if let threads = info.threads, let cores = info.cores, cores > 0, threads % cores == 0 {
            number("threads_per_core", threads / cores)
        }
        let nodes = ((try? root.names("/sys/devices/system/node")) ?? []).filter { isNumbered($0, "node") }
        if !nodes.isEmpty { number("numa_nodes", nodes.count) }
        list(
            "numa_cpus",
            nodes.compactMap { node in
                let place = "/sys/devices/system/node/\(node)/"
                let list = root.line(place + "cpulist") ?? root.line(place + "cpumap").flatMap(CPUTopology.list(mask:))
                return list.map { "\(node): \($0)" }
            })
        let books = S390Topology(root)
        number("books", books?.books)
        number("sockets_per_book", books?.socketsPerBook)
        if let cores = books?.coresPerSocket {
            number("cores_per_socket", cores)
        } else if let cores = info.cores, let sockets = info.sockets, sockets > 0, cores % sockets == 0 {
            number("cores_per_socket", cores / sockets)
        }
        text("machine_type", S390Topology.value("Type", root))
        switch root.line(CPUTopology.directory + "/dispatching") {
        case "0": text("dispatching", "horizontal")
        case "1": text("dispatching", "vertical")
        default: break
        }
    }

    /// The limits, which stay; the frequency of now is a metric.
    fileprivate mutating func frequencies(_ info: CPUInfo, _ topology: CPUTopology, _ root: SystemRoot) {
        let names = topology.names.prefix(1024)
        real("max_mhz", names.compactMap { megahertz($0, "max", root) }.max())
        real("min_mhz", names.compactMap { megahertz($0, "min", root) }.min())
        if let boost = root.number(CPUTopology.directory + "/cpufreq/boost") { flag("frequency_boost", boost != 0) }
        guard info.coreTypes.count > 1 else { return }
        ordered(
            "core_types",
            info.coreTypes.map { type in
                let limits = ["min", "max"].compactMap { megahertz("cpu\(type.first)", $0, root) }.map { "\($0)" }
                return "\(type.model) \(type.stepping ?? "")\u{d7}\(type.count)"
                    + (limits.count == 2 ? " \(limits[0])-\(limits[1]) MHz" : "")
            })
    }
}

/// The lowest or highest frequency of one processor.
private func megahertz(_ name: String, _ limit: String, _ root: SystemRoot) -> Double? {
    root.number("\(CPUTopology.directory)/\(name)/cpufreq/cpuinfo_\(limit)_freq").map { Double($0) / 1000 }
}

/// `32-bit, 64-bit`, from the flags of x86, s390 and SPARC and the instruction sets of LoongArch.
private func modes(_ flags: [String], _ isa: String?) -> String? {
    let both = ["lm", "zarch", "sun4u", "sun4v"].contains(where: flags.contains)
    if both || (isa?.contains("loongarch32") ?? false) && (isa?.contains("loongarch64") ?? false) {
        return "32-bit, 64-bit"
    }
    return isa?.contains("loongarch64") ?? false ? "64-bit" : nil
}

/// `NAME: WORDS` for each file of /sys/devices/system/cpu/vulnerabilities.
private func vulnerabilities(_ root: SystemRoot) -> [String] {
    let place = CPUTopology.directory + "/vulnerabilities"
    return ((try? root.names(place, limit: 1000)) ?? []).compactMap { name in
        root.line("\(place)/\(name)").map { "\(name): \($0)" }
    }
}
