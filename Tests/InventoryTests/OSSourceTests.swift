import FoundationEssentials
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

    private struct Expected: Decodable {
        var osId: String
        var name: String
        var version: String?
        var pretty: String?
        var codename: String?
        var idLike: [String]
    }

    @Test(
        "recorded distributions give the name and version that their files state",
        .enabled(if: Corpus.isPresent, Comment(rawValue: Corpus.notice)))
    func recorded() throws {
        let names = try SystemRoot().names("\(Corpus.path)/hosts/os-release").filter { $0.hasSuffix(".json") }
        #expect(names.count > 40)
        var share = Share()
        for name in names {
            let stem = name.dropLast(5)
            let machine = RecordedMachine(["/etc/os-release": try Corpus.bytes("os-release/\(stem).os-release")])
            let facts = try facts(machine)
            let expected = try JSONDecoder().decode(Expected.self, from: Data(try Corpus.bytes("os-release/\(name)")))
            share.compare("\(name) id", facts["id"]?.text, expected.osId)
            share.compare("\(name) name", facts["name"]?.text, expected.name)
            share.compare("\(name) version", facts["version"]?.text, expected.version)
            share.compare("\(name) pretty name", facts["pretty_name"]?.text, expected.pretty)
            share.compare("\(name) codename", facts["codename"]?.text, expected.codename)
            share.compare("\(name) like", facts["id_like"]?.display, expected.idLike.joined(separator: ", "))
        }
        print("os-release: \(share.right) of \(share.all) facts")
        #expect(share.wrong == [])
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
