import FoundationEssentials
import Inventory
import LinuxSystem
import Model
import Testing

/// What dmidecode and others read in recorded firmware tables, fact by fact.
@Suite("Firmware tables of recorded machines", .enabled(if: Corpus.isPresent, Comment(rawValue: Corpus.notice)))
struct CorpusFirmwareTests {
    private struct Expected: Decodable {
        var bios: [String: String?]?
        var system: [String: String?]?
        var board: [String: String?]?
        var chassis: [String: String?]?
        var processors: [Processor]?
        var memory: Memory?
    }

    private struct Processor: Decodable {
        var socket: String
        var manufacturer: String?
        var version: String?
        var cores: Int?
        var threads: Int?
        var status: String?
    }

    private struct Memory: Decodable {
        var slots: Int
        var populated: Int
        var totalMiB: Int
        var modules: [Module]
    }

    private struct Module: Decodable {
        var locator: String
        var size: String
        var type: String?
        var speed: String?
        var manufacturer: String?
        var part: String?
        var serial: String?
    }

    private static let facts: [String: [String: String]] = [
        "bios": ["vendor": "bios_vendor", "version": "bios_version", "date": "bios_date"],
        "system": [
            "manufacturer": "vendor", "product": "model", "version": "version", "serial": "serial", "uuid": "uuid",
            "sku": "sku", "family": "family",
        ],
        "board": ["manufacturer": "board_vendor", "product": "board_model", "serial": "board_serial"],
        "chassis": [
            "manufacturer": "chassis_vendor", "type": "chassis_type", "serial": "chassis_serial",
            "assetTag": "asset_tag",
        ],
    ]

    private func items(_ source: some InventorySource, _ root: SystemRoot) throws -> [SectionItem] {
        guard case .success(let sections) = try source.read(InventoryContext(root: root)) else { return [] }
        return sections.first?.items ?? []
    }

    @Test("system, board, chassis, firmware, processors and memory modules are as expected")
    func tables() throws {
        var share = Share()
        for name in try SystemRoot().names("\(Corpus.path)/hosts/smbios") {
            guard let bytes = try? Corpus.bytes("smbios/\(name)/expected.json") else { continue }
            let expected = try JSONDecoder().decode(Expected.self, from: Data(bytes))
            let root = SystemRoot(path: "\(Corpus.path)/hosts/smbios/\(name)")
            let system = try items(SystemSource(), root).first?.attributes ?? [:]
            let groups = [
                "bios": expected.bios, "system": expected.system, "board": expected.board, "chassis": expected.chassis,
            ]
            for (group, facts) in groups {
                for (label, value) in facts ?? [:] {
                    guard let fact = Self.facts[group]?[label] else { continue }
                    let found = system[fact]?.display
                    // The words of the standard, which we write in lower case.
                    share.compare("\(name) \(fact)", found, label == "type" ? value?.lowercased() : value ?? nil)
                }
            }
            try compareProcessors(expected.processors ?? [], root, name, &share)
            if let memory = expected.memory { try compareMemory(memory, root, name, &share) }
        }
        print("SMBIOS: \(share.right) of \(share.all) facts")
        #expect(share.all > 150)
        #expect(share.wrong == [])
    }

    private func compareProcessors(
        _ expected: [Processor], _ root: SystemRoot, _ name: String, _ share: inout Share
    ) throws {
        let found = try items(ProcessorsSource(), root)
        for (index, processor) in expected.enumerated() {
            let same = expected[..<index].count { $0.socket == processor.socket }
            let key = same == 0 ? processor.socket : "\(processor.socket) #\(same + 1)"
            let item = found.first { squeezed($0.key) == squeezed(key) }
            share.compare("\(name) \(key)", item == nil ? nil : "there", "there")
            share.compare("\(name) \(key) maker", item?.attributes["manufacturer"]?.text, processor.manufacturer)
            share.compare("\(name) \(key) model", item?.attributes["model"]?.text, processor.version)
            if let cores = processor.cores {
                share.compare("\(name) \(key) cores", item?.attributes["cores"]?.display, "\(cores)")
            }
            if let threads = processor.threads {
                share.compare("\(name) \(key) threads", item?.attributes["threads"]?.display, "\(threads)")
            }
        }
    }

    private func compareMemory(_ expected: Memory, _ root: SystemRoot, _ name: String, _ share: inout Share) throws {
        let found = try items(MemoryModulesSource(), root)
        let modules = found.filter { $0.attributes["size_bytes"] != nil }
        share.compare("\(name) sockets", "\(found.count)", "\(expected.slots)")
        share.compare("\(name) modules", "\(modules.count)", "\(expected.populated)")
        let total = modules.reduce(Int64(0)) { $0 + ($1.attributes["size_bytes"]?.integer ?? 0) }
        share.compare("\(name) memory", "\(total >> 20)", "\(expected.totalMiB)")
        for module in expected.modules {
            let item = modules.first { $0.attributes["locator"]?.text.map(squeezed) == squeezed(module.locator) }
            let facts = item?.attributes ?? [:]
            let size = (facts["size_bytes"]?.integer ?? 0) >> 20
            share.compare("\(name) \(module.locator) size", words(size), module.size)
            share.compare(
                "\(name) \(module.locator) type", facts["type"]?.text, module.type == "Other" ? nil : module.type)
            share.compare(
                "\(name) \(module.locator) speed", facts["speed_mts"].map { "\($0.display) MT/s" },
                module.speed == "Unknown" ? nil : module.speed)
            share.compare("\(name) \(module.locator) maker", facts["manufacturer"]?.text, module.manufacturer)
            share.compare("\(name) \(module.locator) part", facts["part_number"]?.text, module.part)
            share.compare("\(name) \(module.locator) serial", facts["serial"]?.text, module.serial)
        }
    }

    private func words(_ mebibytes: Int64) -> String {
        mebibytes >= 1024 && mebibytes % 1024 == 0 ? "\(mebibytes / 1024) GB" : "\(mebibytes) MB"
    }

    private struct Parsed: Decodable {
        var bios: [String: String]
        var system: System
        var memory: [Device]?

        enum CodingKeys: String, CodingKey {
            case bios = "BIOSInformation"
            case system = "SystemInformation"
            case memory = "MemoryDevices"
        }

        struct System: Decodable {
            var vendor: String
            var model: String
            var serial: String
            var uuid: String

            enum CodingKeys: String, CodingKey {
                case vendor = "Manufacturer"
                case model = "ProductName"
                case serial = "SerialNumber"
                case uuid = "UUID"
            }
        }

        struct Device: Decodable {
            var locator: String?
            var serial: String?

            enum CodingKeys: String, CodingKey {
                case locator = "DeviceLocator"
                case serial = "SerialNumber"
            }
        }
    }

    @Test("the tables of a double Xeon and of Hyper-V, whose strings have gaps, give what another reader found")
    func parsed() throws {
        var share = Share()
        for name in ["Dell-PowerEdge-R630-Dual-Xeon", "HyperV"] {
            let bytes = try Corpus.bytes("smbios/\(name)/parsed.json")
            let expected = try JSONDecoder().decode(Parsed.self, from: Data(bytes))
            let root = SystemRoot(path: "\(Corpus.path)/hosts/smbios/\(name)")
            let system = try items(SystemSource(), root).first?.attributes ?? [:]
            share.compare("\(name) vendor", system["vendor"]?.text, expected.system.vendor)
            share.compare("\(name) model", system["model"]?.text, expected.system.model)
            share.compare("\(name) serial", system["serial"]?.text, expected.system.serial)
            share.compare("\(name) uuid", system["uuid"]?.text, expected.system.uuid)
            share.compare("\(name) bios", system["bios_version"]?.text, expected.bios["Version"])
            let modules = try items(MemoryModulesSource(), root)
            for device in expected.memory ?? [] where !(device.serial ?? "").isEmpty {
                let item = modules.first { $0.attributes["locator"]?.text == device.locator }
                share.compare("\(name) \(device.locator ?? "")", item?.attributes["serial"]?.text, device.serial)
            }
        }
        print("SMBIOS, second reader: \(share.right) of \(share.all) facts")
        #expect(share.wrong == [])
    }
}
