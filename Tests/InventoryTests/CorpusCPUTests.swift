import FoundationEssentials
import Inventory
import LinuxSystem
import Model
import Testing

/// What lscpu and hwloc say of recorded machines, fact by fact.
@Suite("CPUSource and recorded machines", .enabled(if: Corpus.isPresent, Comment(rawValue: Corpus.notice)))
struct CorpusCPUTests {
    private struct Expected: Decodable {
        var summary: [String: String]
    }

    /// Left out because it changes by itself: a share of the frequency of now.
    private static let passing: Set<String> = ["CPU(s) scaling MHz"]

    private func item(_ source: some InventorySource, _ machine: RecordedMachine, _ directory: String) throws
        -> SectionItem
    {
        guard case .success(let sections) = try machine.read(source, below: directory) else {
            return SectionItem(key: "", attributes: [:])
        }
        return sections.first?.items.first ?? SectionItem(key: "", attributes: [:])
    }

    @Test("everything that lscpu says of ten machines of seven architectures is found")
    func lscpu() throws {
        var share = Share()
        for name in try Corpus.stems("lscpu", ".expected.json") {
            let machine = RecordedMachine()
            try #require(Corpus.unpack("lscpu/\(name).tar.gz", into: machine))
            let cpu = try item(CPUSource(), machine, "/" + name)
            let system = try item(SystemSource(), machine, "/" + name)
            let bytes = try Corpus.bytes("lscpu/\(name).expected.json")
            let expected = try JSONDecoder().decode(Expected.self, from: Data(bytes)).summary
            for (label, value) in expected where !Self.passing.contains(label) && value != "-" {
                let (left, right) = LscpuWords(cpu, system).pair(label, value)
                share.compare("\(name) \(label)", left, right)
            }
        }
        print("lscpu: \(share.right) of \(share.all) facts")
        #expect(share.all > 150)
        #expect(share.wrong == [])
    }

    private struct Topology: Decodable {
        var objects: [String: Int]
        var info: [String: String]
    }

    @Test("packages, cores, threads, nodes and firmware of eight machines are as hwloc counts them")
    func topology() throws {
        var share = Share()
        for name in try Corpus.stems("topology", ".expected.json") {
            let machine = RecordedMachine()
            try #require(Corpus.unpack("topology/\(name).tar.bz2", into: machine))
            let directory = "/" + (try machine.root.names("/").first ?? "")
            let cpu = try item(CPUSource(), machine, directory)
            let system = try item(SystemSource(), machine, directory)
            let bytes = try Corpus.bytes("topology/\(name).expected.json")
            let expected = try JSONDecoder().decode(Topology.self, from: Data(bytes))
            let counts = ["Package": "sockets", "Core": "cores", "PU": "threads", "L3Cache": "l3_instances"]
            for (object, fact) in counts {
                guard let count = expected.objects[object] else { continue }
                share.compare("\(name) \(object)", cpu.attributes[fact]?.display, "\(count)")
            }
            let nodes = cpu.attributes["numa_nodes"]?.integer ?? 1
            share.compare("\(name) nodes", "\(nodes)", expected.objects["NUMANode"].map { "\($0)" })
            for (label, fact) in Self.firmware {
                guard let value = expected.info[label], !value.isEmpty else { continue }
                share.compare("\(name) \(label)", system.attributes[fact]?.display, value)
            }
            if let model = expected.info["CPUModel"] {
                share.compare("\(name) model", cpu.attributes["model"]?.text, model)
            }
        }
        print("hwloc: \(share.right) of \(share.all) facts")
        #expect(share.all > 35)
        #expect(share.wrong == [])
    }

    private static let firmware = [
        "DMIProductName": "model", "DMISysVendor": "vendor", "DMIBoardVendor": "board_vendor",
        "DMIBoardName": "board_model", "DMIBoardVersion": "board_version", "DMIBoardAssetTag": "board_asset_tag",
        "DMIChassisVendor": "chassis_vendor", "DMIChassisVersion": "chassis_version",
        "DMIChassisAssetTag": "asset_tag", "DMIBIOSVendor": "bios_vendor", "DMIBIOSVersion": "bios_version",
        "DMIBIOSDate": "bios_date",
    ]
}

/// Our facts in lscpu's words.
private struct LscpuWords {
    let cpu: SectionItem
    let system: SectionItem

    init(_ cpu: SectionItem, _ system: SectionItem) {
        self.cpu = cpu
        self.system = system
    }

    private func fact(_ name: String) -> String? { cpu.attributes[name]?.display }

    private static let plain = [
        "CPU op-mode(s)": "op_modes", "Address sizes": "address_sizes", "CPU(s)": "present", "Vendor ID": "vendor",
        "CPU family": "family", "Model": "model_number", "Thread(s) per core": "threads_per_core",
        "Stepping": "stepping", "Microcode version": "microcode", "BogoMIPS": "bogomips",
        "Virtualization": "virtualization", "NUMA node(s)": "numa_nodes", "Machine type": "machine_type",
        "Dispatching mode": "dispatching", "Book(s)": "books", "Socket(s) per book": "sockets_per_book",
        "Socket(s)": "sockets", "MMU": "mmu",
    ]

    /// What was found and what is expected, both in a form that can be compared.
    func pair(_ label: String, _ value: String) -> (String?, String) {
        if let name = Self.plain[label] { return (fact(name), value) }
        switch label {
        case "Model name": return (firstType?.model ?? fact("model"), value)
        case "Core(s) per socket": return (firstType.map { "\($0.count)" } ?? fact("cores_per_socket"), value)
        case "CPU max MHz": return (number(firstType?.maximum ?? fact("max_mhz")), number(value) ?? value)
        case "CPU min MHz": return (number(firstType?.minimum ?? fact("min_mhz")), number(value) ?? value)
        case "On-line CPU(s) list": return (fact("online").map(expanded), expanded(value))
        case "Off-line CPU(s) list": return (fact("offline").map(expanded), expanded(value))
        case "Flags": return (cpu.attributes["flags"]?.list?.joined(separator: " "), sorted(value))
        case "Frequency boost": return (fact("frequency_boost") == "true" ? "enabled" : "disabled", value)
        case "Byte Order": return (fact("byte_order").map { $0 == "little" ? "Little Endian" : "Big Endian" }, value)
        case "ISA": return (fact("isa").map { String($0.map { $0 == "_" ? " " : $0 }) }, value)
        case "Hypervisor": return (system.attributes["hypervisor"]?.text?.uppercased(), value)
        case "Hypervisor vendor": return (vendors[system.attributes["hypervisor"]?.text ?? ""], value)
        case "Virtualization type": return (system.attributes["kind"]?.text == "vm" ? "full" : nil, value)
        default: return group(label, value)
        }
    }

    private func group(_ label: String, _ value: String) -> (String?, String) {
        if label.hasSuffix(" cache") { return (cache(label.dropLast(6).lowercased()), value) }
        if label.hasPrefix("Vulnerability ") {
            let name = label.dropFirst(14).lowercased().split(separator: " ").joined(separator: "_")
            let found = cpu.attributes["vulnerabilities"]?.list?.first { $0.hasPrefix(name + ": ") }
            return (found.map { plainColons(String($0.dropFirst(name.utf8.count + 2))) }, plainColons(value))
        }
        if label.hasPrefix("NUMA node"), label.hasSuffix(" CPU(s)") {
            let node = label.dropFirst(5).dropLast(7) + ": "
            let found = cpu.attributes["numa_cpus"]?.list?.first { $0.hasPrefix(node) }
            return (found.map { expanded(String($0.dropFirst(node.utf8.count))) }, expanded(value))
        }
        return (nil, value)
    }

    private let vendors = ["virtualbox": "Oracle", "pr/sm": "IBM", "kvm": "KVM", "vmware": "VMware"]

    /// `Cortex-A510 r1p1×3 307.2-2016.0 MHz`
    private var firstType: (model: String, count: Int, minimum: String, maximum: String)? {
        guard let words = cpu.attributes["core_types"]?.list?.first?.split(separator: " "), words.count >= 3 else {
            return nil
        }
        let limits = words[2].split(separator: "-").map(String.init)
        guard let count = words[1].split(separator: "×").last.flatMap({ Int($0) }), limits.count == 2 else {
            return nil
        }
        return (String(words[0]), count, limits[0], limits[1])
    }

    private func number(_ text: String?) -> String? { text.flatMap { Double($0) }.map { "\($0)" } }

    private func sorted(_ text: String) -> String { Set(text.split(separator: " ")).sorted().joined(separator: " ") }

    private func plainColons(_ text: String) -> String { String(text.map { $0 == ";" ? ":" : $0 }) }

    private func expanded(_ list: String) -> String {
        list.split(separator: ",").flatMap { part -> [String] in
            let step = part.split(separator: ":").dropFirst().first.flatMap { Int($0) } ?? 1
            let ends = (part.split(separator: ":").first ?? "").split(separator: "-").compactMap { Int($0) }
            guard let low = ends.first, let high = ends.last else { return [] }
            return stride(from: low, through: high, by: step).map { "\($0)" }
        }.joined(separator: ",")
    }

    /// `256 KiB (4 instances)`
    private func cache(_ name: String) -> String? {
        guard let bytes = cpu.attributes[name + "_bytes"]?.integer,
            let count = cpu.attributes[name + "_instances"]?.integer
        else { return nil }
        let size = bytes % (1 << 20) == 0 ? "\(bytes >> 20) MiB" : "\(bytes >> 10) KiB"
        return "\(size) (\(count) instance\(count == 1 ? "" : "s"))"
    }
}
