/// The processors as /proc/cpuinfo and sysfs describe them; each architecture has its own words for the same things.
public struct CPUInfo: Hashable, Sendable {
    /// Model, e.g. `AMD EPYC 7763`; nil where the kernel does not say.
    public var model: String?
    /// Who designed it, e.g. `GenuineIntel`.
    public var vendor: String?
    /// Packages with at least one processor that is in use.
    public var sockets: Int?
    /// Cores with at least one processor that is in use.
    public var cores: Int?
    /// Logical processors in use.
    public var threads: Int?

    /// Reads /proc/cpuinfo and /sys/devices/system/cpu.
    public static func read(_ root: SystemRoot) throws(SystemReadError) -> CPUInfo {
        var info = CPUInfo(try root.content("/proc/cpuinfo", limit: 32 << 20))
        let topology = CPUTopology(root)
        info.sockets = topology.sockets ?? info.sockets
        info.cores = topology.cores ?? info.cores
        info.threads = topology.threads ?? info.threads
        return info
    }

    /// Parses `name : value` lines, one block for each processor.
    init(_ content: ByteText) {
        var first: [String: String] = [:]
        var threads = 0
        var packages: Set<ArraySlice<UInt8>> = []
        var cores: Set<[ArraySlice<UInt8>]> = []
        var package: ArraySlice<UInt8> = []
        for line in content.lines.prefix(1_000_000) {
            guard let (key, value) = line.cut(at: UInt8(ascii: ":")), key.bytes.count <= 64 else { continue }
            if key == "processor" || key.hasPrefix("processor ") { threads += 1 }
            if key == "physical id" || key == "package" {
                package = value.bytes
                packages.insert(package)
            }
            if key == "core id" || key == "core" { cores.insert([package, value.bytes]) }
            let name = key.string
            if interesting.contains(name), first[name] == nil, !value.isEmpty {
                first[name] = ByteText(slice: value.bytes.prefix(256)).string
            }
        }
        self.threads = threads > 0 ? threads : nil
        sockets = packages.isEmpty ? nil : packages.count
        self.cores = cores.isEmpty ? nil : cores.count
        let arm = ARMProcessor(implementer: first["CPU implementer"], part: first["CPU part"])
        let words = ["model name", "Model Name", "uarch", "cpu", "cpu model"].lazy.compactMap { first[$0] }.first
        model = (words ?? arm?.model ?? first["Processor"] ?? machine(first["processor 0"] ?? first["processor 1"]))
            .map(singleSpaced)
        vendor = first["vendor_id"] ?? arm?.vendor ?? first["mvendorid"]
    }
}

private let interesting: Set<String> = [
    "model name", "Model Name", "uarch", "cpu", "cpu model", "Processor", "vendor_id", "mvendorid", "CPU implementer",
    "CPU part", "processor 0", "processor 1",
]

/// s390 writes `version = 00,  identification = 279F25,  machine = 2817`.
private func machine(_ text: String?) -> String? {
    text?.split(separator: ",").last.flatMap { part in
        let words = part.split(separator: " ")
        return words.count == 3 && words[0] == "machine" ? "machine \(words[2])" : nil
    }
}

private func singleSpaced(_ text: String) -> String { text.split(separator: " ").joined(separator: " ") }
