import Inventory
import LinuxSystem
import Model
import Testing

@Suite("CPUSource")
struct CPUSourceTests {
    private func facts(_ machine: RecordedMachine, below directory: String = "") throws -> [String: AttributeValue] {
        guard case .success(let sections) = try machine.read(CPUSource(), below: directory) else { return [:] }
        return try #require(sections.first?.items.first).attributes
    }

    @Test(
        "recorded machines of many architectures",
        .enabled(if: Corpus.isPresent, Comment(rawValue: Corpus.notice)),
        arguments: [
            ("x86_64-64cpu", "Intel(R) Xeon(R) CPU X7550 @ 2.00GHz", "GenuineIntel", 4, 32, 64),
            ("x86_64-dell_e4310", "Intel(R) Core(TM) i5 CPU M 560 @ 2.67GHz", "GenuineIntel", 1, 2, 4),
            ("vbox-win", "Intel(R) Core(TM) i5-3317U CPU @ 1.70GHz", "GenuineIntel", 1, 2, 2),
            ("armv7", "Cortex-A15", "ARM", 1, 2, 2),
            ("ppc64-POWER7", "POWER7 (architected), altivec supported", nil, 4, 4, 16),
            ("rv64-visionfive2", "sifive,u74-mc", "0x489", 1, 4, 4),
            ("loongarch-loongson_3a5000_hv", "Loongson-3A5000-HV", nil, 1, 4, 4),
            ("sparc64", "TI UltraSparc II (BlackBird)", nil, nil, nil, 6),
            ("s390-lpar", "machine 2817", "IBM/S390", nil, nil, 17),
        ] as [(String, String, String?, Int?, Int?, Int)])
    func recorded(name: String, model: String, vendor: String?, sockets: Int?, cores: Int?, threads: Int) throws {
        let machine = RecordedMachine()
        try #require(Corpus.unpack("lscpu/\(name).tar.gz", into: machine))
        let facts = try facts(machine, below: "/\(name)")
        #expect(facts["model"]?.text == model)
        #expect(facts["vendor"]?.text == vendor)
        if let sockets { #expect(facts["sockets"]?.integer == Int64(sockets)) }
        if let cores { #expect(facts["cores"]?.integer == Int64(cores)) }
        #expect(facts["threads"]?.integer == Int64(threads))
    }

    @Test("without sysfs the blocks of cpuinfo are counted")
    func cpuinfoOnly() throws {
        let block = { (cpu: Int, package: Int, core: Int) in
            "processor\t: \(cpu)\nmodel name\t: X  Y\nphysical id\t: \(package)\ncore id\t\t: \(core)\n\n"
        }
        let text = block(0, 0, 0) + block(1, 0, 0) + block(2, 1, 0) + block(3, 1, 0)
        let machine = RecordedMachine(text: ["/proc/cpuinfo": text, "/proc/sys/kernel/arch": "x86_64\n"])
        #expect(
            try facts(machine) == [
                "model": "X Y", "sockets": 2, "cores": 2, "threads": 4, "architecture": "x86_64",
                "threads_per_core": 2, "cores_per_socket": 1,
            ])
    }

    @Test(
        "hostile lists of processors are no trap",
        arguments: ["0-18446744073709551615", "5-1", "-", ",", "0-", "a", "0-3-4", "", "0,,1", "99999"])
    func hostileOnline(list: String) throws {
        let machine = RecordedMachine(text: [
            "/proc/cpuinfo": "processor : 0\nmodel name : \u{0}\n", "/sys/devices/system/cpu/online": list,
        ])
        #expect(try facts(machine)["threads"]?.integer ?? 0 >= 1)
    }

    @Test("hostile cpuinfo is read or refused, never a trap")
    func hostile() throws {
        let long = [UInt8](repeating: 0x3a, count: 1 << 20)
        for content in [long, [0xff, 0x3a, 0xfe], Array("processor".utf8), Array("CPU implementer: 0xzz\n".utf8)] {
            let machine = RecordedMachine(["/proc/cpuinfo": content])
            #expect(throws: InventoryError.self) { try facts(machine) }
        }
        let many = String(repeating: "processor : 1\n", count: 20_000)
        #expect(try facts(RecordedMachine(text: ["/proc/cpuinfo": many]))["threads"] == 20_000)
    }

    @Test("the running machine has a model and at least one processor")
    func live() throws {
        guard case .success(let sections) = try CPUSource().read(InventoryContext()) else {
            Issue.record("no data")
            return
        }
        let facts = try #require(sections.first?.items.first).attributes
        #expect(facts["threads"]?.integer ?? 0 >= 1)
        #expect(facts["architecture"]?.text != nil)
    }
}
