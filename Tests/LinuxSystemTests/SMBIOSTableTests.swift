import FoundationEssentials
import LinuxSystem
import Testing

private struct Expected: Decodable {
    struct System: Decodable {
        var manufacturer: String?
        var product: String?
        var serial: String?
        var uuid: String?
    }
    struct Memory: Decodable {
        var totalMiB: UInt64?
        var populated: Int?
    }
    var system: System
    var memory: Memory?
}

private let machines = [
    "Asus-UX307LA", "Lenovo-ThinkPad-T480", "SuperMicro-X9DBL", "VMWare", "dell-PE2650", "dell-latitude_D610",
]

@Suite("SMBIOSTable") struct SMBIOSTableTests {
    /// A structure with its strings.
    private func structure(_ type: UInt8, _ formatted: [UInt8], _ strings: [String]) -> [UInt8] {
        var bytes: [UInt8] = [type, UInt8(4 + formatted.count), 0, 0]
        bytes += formatted
        for string in strings { bytes += Array(string.utf8) + [0] }
        if strings.isEmpty { bytes.append(0) }
        bytes.append(0)
        return bytes
    }

    @Test(
        "recorded tables give what their owners published", .enabled(if: Corpus.isPresent, Corpus.notice),
        arguments: machines)
    func recorded(machine: String) throws {
        let directory = "\(Corpus.path)/hosts/smbios/\(machine)"
        let table = try SMBIOSTable.read(SystemRoot(path: directory))
        guard let text = try? SystemRoot().bytes(directory + "/expected.json") else { return }
        let expected = try JSONDecoder().decode(Expected.self, from: Data(text))
        let system = try #require(table.first(1))
        #expect(system.string(4) == expected.system.manufacturer)
        #expect(system.string(5) == expected.system.product)
        #expect(system.string(7) == expected.system.serial)
        if let uuid = expected.system.uuid {
            // Tables before SMBIOS 2.6 are published with the first three fields in the other order.
            let digits = { (text: String) in text.utf8.filter { $0 != 0x2d }.sorted() }
            #expect(system.systemUUID.map(digits) == digits(uuid))
        }
        if let memory = expected.memory, let total = memory.totalMiB {
            let modules = table.all(17).compactMap(\.memoryDeviceBytes)
            #expect(modules.reduce(0, +) == total << 20)
            if let populated = memory.populated { #expect(modules.count == populated) }
        }
    }

    @Test("strings are found by number, fields by offset, nothing outside of the structure")
    func fields() throws {
        let bytes = structure(1, [1, 2, 9, 0], ["Maker ", "Model"]) + structure(2, [], []) + structure(127, [], [])
        let table = SMBIOSTable(bytes)
        #expect(table.structures.map(\.type) == [1, 2, 127])
        let system = try #require(table.first(1))
        #expect(system.string(4) == "Maker")
        #expect(system.string(5) == "Model")
        #expect(system.string(6) == nil)
        #expect(system.string(7) == nil)
        #expect(system.string(8) == nil)
        #expect(system.string(-1) == nil)
        #expect(system.word(7) == nil)
        #expect(system.doubleWord(4) == 0x0009_0201)
    }

    @Test("a UUID of all zeros or ones is none", arguments: [UInt8(0), 0xff])
    func fillers(byte: UInt8) throws {
        let table = SMBIOSTable(structure(1, [0, 0, 0, 0] + [UInt8](repeating: byte, count: 16), []))
        #expect(table.first(1)?.systemUUID == nil)
    }

    @Test(
        "sizes of memory modules come in three units",
        arguments: [
            (UInt16(0), nil), (0xffff, nil), (0x0400, 1 << 30), (0x8400, 1 << 20), (0x7fff, 64 << 30),
        ] as [(UInt16, UInt64?)])
    func memory(size: UInt16, bytes: UInt64?) {
        var formatted = [UInt8](repeating: 0, count: 30)
        formatted[8] = UInt8(size & 0xff)
        formatted[9] = UInt8(size >> 8)
        formatted[24...27] = [0, 0, 1, 0]
        #expect(SMBIOSTable(structure(17, formatted, [])).first(17)?.memoryDeviceBytes == bytes)
    }

    @Test("torn tables give the whole structures before the tear")
    func torn() {
        let whole = structure(1, [1], ["a"]) + structure(2, [1, 2, 3], ["b", "c"])
        for length in whole.indices { #expect(SMBIOSTable(Array(whole[..<length])).structures.count <= 2) }
        #expect(SMBIOSTable([1, 3, 0, 0]).structures.isEmpty)
        #expect(SMBIOSTable([UInt8](repeating: 0xff, count: 1 << 20)).structures.count <= 10_000)
        #expect(SMBIOSTable([UInt8](repeating: 0, count: 1 << 20)).structures.isEmpty)
        #expect(SMBIOSTable([1, 4, 0, 0] + [UInt8](repeating: 0x41, count: 1 << 20)).structures.count == 1)
    }
}
