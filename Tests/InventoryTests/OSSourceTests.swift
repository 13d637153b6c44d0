import Inventory
import LinuxSystem
import Model
import Testing

@Suite("OSSource")
struct OSSourceTests {
    private func facts(_ machine: RecordedMachine) throws -> [String: AttributeValue] {
        guard case .success(let sections) = try machine.read(OSSource()) else {
            return [:]
        }
        return try #require(sections.first?.items.first).attributes
    }

    @Test("os-release and the kernel's names")
    func facts() throws {
        let release = """
            NAME='Some "Linux"'
            ID=some
            VERSION_ID="1\\$2"
            # a comment
            ID_LIKE="b a"
            VERSION_CODENAME=
            """
        let machine = RecordedMachine(text: [
            "/usr/lib/os-release": release, "/proc/sys/kernel/osrelease": "6.1.0\n", "/proc/sys/kernel/arch": "riscv64",
        ])
        machine.link("/etc/os-release", to: "../usr/lib/os-release")
        let facts = try facts(machine)
        #expect(facts["name"] == "Some \"Linux\"")
        #expect(facts["version"] == "1$2")
        #expect(facts["id"] == "some")
        #expect(facts["codename"] == nil)
        #expect(facts["kernel"] == "6.1.0")
        #expect(facts["architecture"] == "riscv64")
    }

    @Test(
        "recorded distributions",
        .enabled(if: Corpus.isPresent, Comment(rawValue: Corpus.notice)),
        arguments: [
            ("bottlerocket", "amzn", "Amazon Linux", "2"), ("sles_15", "sles", "SLES", "15"),
            ("openwrt_2203", "openwrt", "OpenWrt", "22.03.2"), ("nexus_7", "nexus", "Cisco Nexus", nil),
        ] as [(String, String, String, String?)])
    func recorded(name: String, id: String, title: String, version: String?) throws {
        let machine = RecordedMachine(["/etc/os-release": try Corpus.bytes("os-release/\(name).os-release")])
        let facts = try facts(machine)
        #expect(facts["id"]?.text == id)
        #expect(facts["name"]?.text == title)
        if let version { #expect(facts["version"]?.text == version) }
    }

    @Test("hostile content is no trap")
    func hostile() throws {
        let long = [UInt8](repeating: 0x22, count: 60_000)
        for content in [
            long, Array("NAME=\"".utf8), Array("=\n==\nNAME".utf8), Array("NAME=\\".utf8), [0, 0xff, 0x3d, 0xfe],
        ] {
            #expect(try facts(RecordedMachine(["/etc/os-release": content]))["id"] == "linux")
        }
        let huge = RecordedMachine(["/etc/os-release": [UInt8](repeating: 0x41, count: 1 << 20)])
        #expect(throws: SystemReadError.self) { try facts(huge) }
    }

    @Test("a machine without any of it has no data")
    func absent() throws {
        #expect(try facts(RecordedMachine()).isEmpty)
    }
}
