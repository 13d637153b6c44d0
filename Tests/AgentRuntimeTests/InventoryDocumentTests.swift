import FoundationEssentials
import Model
import Testing

@testable import AgentRuntime

@Suite("InventoryDocument")
struct InventoryDocumentTests {
    private static let wicked = [
        "", "plain", "\u{0}\u{1}\u{1f}\u{7f}", "\"\\/\n\r\t\u{8}\u{c}", "é\u{301}中\u{1F600}", "\u{2028}", "a\r\nb",
    ]

    private var document: InventoryDocument {
        let values: [AttributeValue] = [
            .integer(.max), .integer(.min), .integer(0), .real(0.5), .real(-1.5e300), .flag(true), .flag(false),
            .list([]),
            .list(Self.wicked),
        ]
        var attributes: [String: AttributeValue] = [:]
        for (index, text) in Self.wicked.enumerated() { attributes["text\(index)\(text)"] = .text(text) }
        for (index, value) in values.enumerated() { attributes["value\(index)"] = value }
        let items = Self.wicked.map { SectionItem(key: $0, attributes: attributes) }
        return InventoryDocument(
            sections: [
                InventorySection(name: .packages, items: items),
                InventorySection(name: .os, items: [], isComplete: false),
            ],
            receipts: [Receipt(source: "inventory/os", outcome: .noData, found: 0, milliseconds: 3, message: "\"x\"")])
    }

    @Test("X3: what is written is read back as it was, whatever stands in it")
    func roundTrip() throws {
        #expect(InventoryDocument.decode(document.json()) == document)
    }

    @Test("the text says the same as the general encoder's")
    func sameAsEncoder() throws {
        let other = try JSONEncoder().encode(document)
        #expect(
            try JSONDecoder().decode(InventoryDocument.self, from: other) == InventoryDocument.decode(document.json()))
    }

    @Test("an empty document is one too")
    func empty() {
        let empty = InventoryDocument(sections: [], receipts: [])
        #expect(String(decoding: empty.json(), as: UTF8.self) == #"{"receipts":[],"sections":[]}"#)
    }
}

@Suite("Outputs")
struct OutputsTests {
    private struct GLPI: Decodable {
        var deviceid: String
        var content: Content

        struct Content: Decodable {
            var versionclient: String
            var hardware: [String: Value]
            var bios: [String: String]
            var softwares: [Software]
            var cpus: [CPU]
        }

        struct Software: Decodable {
            var name: String
            var from: String
            var installDate: String?

            enum CodingKeys: String, CodingKey {
                case name
                case from
                case installDate = "install_date"
            }
        }

        struct CPU: Decodable {
            var arch: String?
            var core: Int?
        }

        enum Value: Decodable, Equatable {
            case text(String)
            case number(Int)

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let text = try? container.decode(String.self) {
                    self = .text(text)
                } else {
                    self = .number(try container.decode(Int.self))
                }
            }
        }
    }

    private func item(_ key: String, _ attributes: [String: AttributeValue]) -> SectionItem {
        SectionItem(key: key, attributes: attributes)
    }

    private var document: InventoryDocument {
        InventoryDocument(
            sections: [
                InventorySection(
                    name: .system,
                    items: [
                        item("", ["hostname": "web-01", "kind": "vm", "hypervisor": "kvm", "bios_date": "01/16/2019"])
                    ]),
                InventorySection(name: .memory, items: [item("", ["size_bytes": 8_589_934_592])]),
                InventorySection(
                    name: .cpu, items: [item("", ["architecture": "ppc64le", "sockets": 2, "cores_per_socket": 4])]),
                InventorySection(
                    name: .packages,
                    items: [
                        item(
                            "deb:a:all",
                            [
                                "name": "a", "state": "installed", "purl": "pkg:deb/debian/a@1",
                                "install_date": "2023-11-14T22:13:20.000Z", "license": "MIT",
                            ]), item("deb:b:all", ["name": "b", "state": "config-files"]),
                    ]),
            ], receipts: [])
    }

    @Test("GLPI's format: megabytes, its own date form, one processor for each socket, nothing that is removed")
    func glpi() throws {
        let text = try GLPIDocument.text(document, at: Timestamp(seconds: 1_700_000_000))
        let read = try JSONDecoder().decode(GLPI.self, from: Data(text.utf8))
        #expect(read.deviceid == "web-01-2023-11-14-22-13-20")
        #expect(read.content.hardware["memory"] == .number(8192))
        #expect(read.content.hardware["vmsystem"] == .text("QEMU"))
        #expect(read.content.bios["bdate"] == "2019-01-16")
        #expect(read.content.softwares.map(\.name) == ["a"])
        #expect(read.content.softwares.first?.installDate == "2023-11-14 22:13:20")
        #expect(read.content.cpus.map(\.core) == [4, 4])
        #expect(read.content.cpus.first?.arch == "powerpc64")
    }

    private struct Parts: Decodable {
        var content: Content

        struct Content: Decodable {
            var networks: [[String: Value]]
            var firewalls: [[String: String]]
            var batteries: [[String: Value]]
        }

        enum Value: Decodable, Equatable {
            case text(String)
            case number(Int)
            case flag(Bool)

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let flag = try? container.decode(Bool.self) {
                    self = .flag(flag)
                } else if let number = try? container.decode(Int.self) {
                    self = .number(number)
                } else {
                    self = .text(try container.decode(String.self))
                }
            }
        }
    }

    @Test("GLPI's format: the controller's network beside the machine's, wireless, firewalls, a worn battery")
    func glpiParts() throws {
        let document = InventoryDocument(
            sections: [
                InventorySection(
                    name: .interfaces,
                    items: [
                        item("wlan0", ["type": "wireless", "wireless_network": "shop", "wireless_mode": "managed"])
                    ]),
                InventorySection(
                    name: .bmc, items: [item("channel 1", ["address": "192.0.2.77", "mac": "02:00:00:00:00:77"])]),
                InventorySection(
                    name: .firewall,
                    items: [
                        item("ufw", ["enabled": true]), item("firewalld", ["enabled": false]), item("odd", [:]),
                    ]),
                InventorySection(
                    name: .batteries, items: [item("BAT0", ["design_energy_mwh": 57_570, "health_percent": 87])]),
            ], receipts: [])
        let text = try GLPIDocument.text(document, at: Timestamp(seconds: 0))
        let content = try JSONDecoder().decode(Parts.self, from: Data(text.utf8)).content
        #expect(content.networks.map { $0["description"] } == [.text("wlan0"), .text("bmc")])
        #expect(content.networks.first?["wifi_ssid"] == .text("shop"))
        #expect(content.networks.last?["management"] == .flag(true))
        #expect(content.networks.last?["ipaddress"] == .text("192.0.2.77"))
        #expect(
            content.firewalls == [
                ["profile": "firewalld", "status": "off"], ["profile": "ufw", "status": "on"],
            ])
        #expect(content.batteries.first?["real_capacity"] == .number(57_570 * 87 / 100))
    }

    @Test(
        "dates of firmware that are none are left out", arguments: ["", "2019", "1/2/2019", "01/16/19", "aa/bb/cccc"])
    func days(text: String) { #expect(GLPIDocument.day(text) == nil) }

    private struct BillOfMaterials: Decodable {
        var specVersion: String
        var serialNumber: String
        var components: [Component]

        struct Component: Decodable {
            var type: String
            var name: String
            var purl: String?
        }
    }

    @Test("CycloneDX: what is installed, each with its purl")
    func cycloneDX() throws {
        let text = try CycloneDXDocument.text(document, at: Timestamp(seconds: 0))
        let read = try JSONDecoder().decode(BillOfMaterials.self, from: Data(text.utf8))
        #expect(read.specVersion == "1.6")
        #expect(read.serialNumber.hasPrefix("urn:uuid:"))
        #expect(read.components.compactMap(\.purl) == ["pkg:deb/debian/a@1"])
        #expect(!read.components.contains { $0.name == "b" })
    }
}
