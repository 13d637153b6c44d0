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
    /// The kinds of cores of an ARM processor with their numbers, in the order of the first one of each kind.
    public var coreTypes: [CoreType] = []
    private var first: [String: String] = [:]

    /// One kind of ARM core.
    public struct CoreType: Hashable, Sendable {
        /// The core's name.
        public var model: String
        /// `rXpY`: variant and revision.
        public var stepping: String?
        /// How many there are.
        public var count: Int
        /// The number of the first one.
        public var first: Int
    }

    /// Reads /proc/cpuinfo and /sys/devices/system/cpu.
    public static func read(_ root: SystemRoot) throws(SystemReadError) -> CPUInfo {
        var info = CPUInfo(try root.content("/proc/cpuinfo", limit: 32 << 20))
        let topology = CPUTopology(root)
        info.sockets = topology.sockets ?? info.sockets
        info.cores = topology.cores ?? info.cores
        info.threads = topology.threads ?? info.threads
        // Kernels that know no clusters call each one a package; cores of several kinds are always on one chip.
        if info.coreTypes.count > 1, info.sockets != nil { info.sockets = 1 }
        return info
    }

    /// What stands behind the first of `names` that has a value anywhere; names as the kernel writes them.
    public func value(_ names: String...) -> String? { names.lazy.compactMap { first[$0] }.first }

    /// Parses `name : value` lines, one block for each processor.
    init(_ content: ByteText) {
        var count = ProcessorCount()
        var arm: [String: String] = [:]
        var number = 0
        for line in content.lines.prefix(1_000_000) {
            guard let (key, value) = line.cut(at: UInt8(ascii: ":")), key.bytes.count <= 64 else { continue }
            count.take(key, value)
            if key == "processor" {
                close(&arm, number)
                number = value.number.flatMap(Int.init(exactly:)) ?? 0
            }
            if key.hasPrefix("CPU "), !value.isEmpty { arm[key.string] = value.shortened }
            // Blocks repeat the same names: looking one up costs less than keeping the value.
            let name = key.string
            if !value.isEmpty, first.count < 200, first[name] == nil { first[name] = value.shortened }
        }
        close(&arm, number)
        threads = count.threads > 0 ? count.threads : nil
        sockets = count.packages.isEmpty ? nil : count.packages.count
        cores = count.cores.isEmpty ? nil : count.cores.count
        let core = ARMProcessor(implementer: first["CPU implementer"], part: first["CPU part"])
        let words = value("model name", "Model Name", "uarch", "cpu", "cpu model")
        // The kernel calls every ARM core `ARMv8 Processor rev 1`: the number behind it says more.
        let named = core.flatMap { $0.isKnown ? $0.model : nil }
        model =
            (named ?? words ?? first["Processor"] ?? core?.model
            ?? machine(first["processor 0"] ?? first["processor 1"]))
            .map(singleSpaced)
        vendor = first["vendor_id"] ?? first["vendor"] ?? core?.vendor ?? first["mvendorid"]
    }

    /// Counts the core that `fields` describe.
    private mutating func close(_ fields: inout [String: String], _ number: Int) {
        guard let core = ARMProcessor(implementer: fields["CPU implementer"], part: fields["CPU part"]) else { return }
        let type = CoreType(
            model: core.model, stepping: ARMProcessor.stepping(fields["CPU variant"], fields["CPU revision"]), count: 1,
            first: number)
        fields = [:]
        if let index = coreTypes.firstIndex(where: { $0.model == type.model && $0.stepping == type.stepping }) {
            coreTypes[index].count += 1
        } else if coreTypes.count < 32 {
            coreTypes.append(type)
        }
    }
}

/// How many processors, packages and cores the blocks tell.
private struct ProcessorCount {
    var threads = 0
    var packages: Set<ArraySlice<UInt8>> = []
    var cores: Set<[ArraySlice<UInt8>]> = []
    private var package: ArraySlice<UInt8> = []

    mutating func take(_ key: ByteText, _ value: ByteText) {
        if key == "processor" || key.hasPrefix("processor ") { threads += 1 }
        if key == "physical id" || key == "package" {
            package = value.bytes
            packages.insert(package)
        }
        if key == "core id" || key == "core" { cores.insert([package, value.bytes]) }
    }
}

extension ByteText {
    /// At most 4 KiB of it, as flags of a processor take.
    fileprivate var shortened: String { ByteText(slice: bytes.prefix(4096)).string }
}

/// s390 writes `version = 00,  identification = 279F25,  machine = 2817`.
private func machine(_ text: String?) -> String? {
    text?.split(separator: ",").last.flatMap { part in
        let words = part.split(separator: " ")
        return words.count == 3 && words[0] == "machine" ? "machine \(words[2])" : nil
    }
}

private func singleSpaced(_ text: String) -> String { text.split(separator: " ").joined(separator: " ") }
