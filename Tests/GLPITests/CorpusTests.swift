import Foundation
import Model
import Testing

@testable import GLPI

/// What is in the samples, counted by `xmllint --xpath count(…)` and `jq` and not by this reader.
@Suite("Real GLPI inventories", .enabled(if: Samples.isPresent, Comment(rawValue: Samples.notice)))
struct CorpusTests {
    struct Computer: Sendable {
        var file: String
        var name: String
        var serial: String
        var vendor: String
        var os: String
        var memory: Int64?
        var counts: [SectionName: Int]
        var addresses: [String: [String]]
        var disks: [String: Int64]
        var filesystems: [String: Int64]
    }

    static let computers = [
        Computer(
            file: "windows-computer.xml", name: "pc-arg-23", serial: "CZC0479792", vendor: "Hewlett-Packard",
            os: "Microsoft Windows 8.1 Professionnel", memory: 3887,
            counts: [
                .packages: 8, .pci: 26, .usb: 9, .printers: 5, .users: 2, .groups: 18, .memoryModules: 2, .monitors: 1,
                .interfaces: 5, .processors: 1, .sound: 2, .input: 3, .gpus: 1, .batteries: 1, .logins: 1, .slots: 2,
            ],
            addresses: [
                "Connexion réseau Intel(R) 82577LM Gigabit": ["10.253.6.55/24", "fe80::855e:72a5:247e:b3d8/64"]
            ],
            disks: ["\\\\.\\PHYSICALDRIVE0": 250_059],
            filesystems: ["C:": 115_123, "D:": 122_997, "Réservé au système": 349]),
        Computer(
            file: "macos-computer.xml", name: "MacBook-de-teclib", serial: "W87051UGVUV",
            vendor: "Apple Computer, Inc.",
            os: "Mac OS X", memory: nil,
            counts: [
                .packages: 40, .usb: 6, .users: 52, .groups: 13, .memoryModules: 2, .monitors: 1, .interfaces: 6,
                .sound: 1,
                .gpus: 1, .logins: 1,
            ],
            addresses: ["en1": ["172.28.220.124", "fe80::219:e3ff:fedb:64d2"], "lo0": ["127.0.0.1", "fe80::1"]],
            disks: [:],
            filesystems: ["/Volumes/Disque": 80_400, "/": 42_900, "/Volumes/105": 32_200]),
        Computer(
            file: "linux-computer.xml", name: "LF014", serial: "9E113232I", vendor: "TOSHIBA",
            os: "Fedora release 25 (Twenty Five)", memory: 7908,
            counts: [
                .packages: 42, .pci: 14, .usb: 8, .printers: 1, .users: 60, .groups: 4, .memoryModules: 2, .monitors: 1,
                .interfaces: 7, .guests: 3, .volumes: 3, .ports: 8, .slots: 1, .input: 7, .sound: 2, .logins: 1,
            ],
            addresses: [
                "enp0s25": ["192.168.1.103", "fe80::dd76:c250:1435:8e89"], "lo": ["127.0.0.1", "::1"],
                "tun0": ["192.168.11.96", "fe80::3d05:f5d:a260:423b"], "virbr0": ["192.168.124.1"],
            ], disks: ["sda": 250_059], filesystems: ["/": 150_268, "/boot": 476, "/home": 181_527]),
        Computer(
            file: "computer_1.json", name: "glpixps", serial: "640HP72", vendor: "Dell Inc.",
            os: "Fedora 31 (Workstation Edition)", memory: 7800,
            counts: [
                .packages: 6, .pci: 25, .usb: 9, .printers: 1, .memoryModules: 2, .monitors: 1, .interfaces: 5,
                .input: 5,
                .sound: 1, .batteries: 1, .logins: 2,
            ],
            addresses: [
                "enp57s0u1u4": ["192.168.1.142", "fe80::b283:4fa3:d3f2:96b1"], "lo": ["127.0.0.1", "::1"],
                "wlp58s0": ["192.168.1.118", "fe80::92a4:26c6:99dd:2d60"], "virbr0": ["192.168.122.1"],
            ], disks: ["nvme0n1": 256_060],
            filesystems: [
                "/": 40_189, "/var/www": 20_030, "/boot": 975, "/var/lib/mysql": 20_030, "/home": 120_439,
                "/boot/efi": 199,
            ]),
    ]

    @Test("Computers arrive with machine, system, software, disks and network", arguments: computers)
    func computer(_ expected: Computer) throws {
        let inventory = try GLPIInventory(try Samples.bytes(expected.file))
        #expect(inventory.hostname == expected.name)
        #expect(inventory.fact(.system, "serial") == .text(expected.serial))
        #expect(inventory.fact(.system, "vendor") == .text(expected.vendor))
        #expect(inventory.fact(.system, "kind") == "physical")
        #expect(inventory.fact(.os, "pretty_name") == .text(expected.os))
        if let memory = expected.memory { #expect(inventory.fact(.memory, "size_bytes") == .integer(memory << 20)) }
        for (section, count) in expected.counts {
            #expect(inventory.items(section).count == count, "\(section.rawValue)")
        }
        var addresses: [String: [String]] = [:]
        for item in inventory.items(.interfaces) {
            guard let listed = item.attributes["addresses"]?.list else { continue }
            addresses[item.key] = listed
        }
        // Addresses are compared without their prefix where the sample's masks are of several kinds.
        for (name, listed) in expected.addresses {
            let found = addresses[name] ?? []
            #expect(Set(found.map(bare)) == Set(listed.map(bare)), "\(name)")
            for address in listed where address.contains("/") { #expect(found.contains(address)) }
        }
        #expect(addresses.count == expected.addresses.count)
        let disks = inventory.items(.disks).map { ($0.key, $0.attributes["size_bytes"]) }
        #expect(disks.count == expected.disks.count)
        for (name, size) in disks { #expect(size == expected.disks[name].map { .integer($0 * 1_000_000) }) }
        let filesystems = inventory.items(.filesystems).map { ($0.key, $0.attributes["size_bytes"]) }
        #expect(filesystems.count == expected.filesystems.count)
        for (name, size) in filesystems { #expect(size == expected.filesystems[name].map { .integer($0 << 20) }) }
        #expect(
            inventory.receipts.allSatisfy { $0.outcome == .success },
            "\(inventory.receipts.filter { $0.outcome != .success })")
    }

    private func bare(_ address: String) -> String { address.split(separator: "/").first.map(String.init) ?? address }

    @Test("As many packages are read as elements stand in the text")
    func counted() throws {
        for file in ["windows-computer.xml", "macos-computer.xml", "linux-computer.xml"] {
            let text = String(decoding: try Samples.bytes(file), as: UTF8.self)
            let elements = text.components(separatedBy: "<SOFTWARES>").count - 1
            #expect(try GLPIInventory(try Samples.bytes(file)).items(.packages).count == elements)
        }
    }

    @Test("A partial report has the machine and its guests, and no section that could make others vanish")
    func partial() throws {
        let inventory = try GLPIInventory(try Samples.bytes("computer_2_partial_vms.json"))
        #expect(inventory.items(.guests).count == 6)
        #expect(inventory.fact(.system, "serial") == "2FAGP34")
        #expect(inventory.section(.packages) == nil && inventory.section(.interfaces) == nil)
        #expect(inventory.statements[0].sections.allSatisfy { !$0.isComplete })
    }

    @Test("Network equipment has its ports, components and the other ends of its cables")
    func networkEquipment() throws {
        let bytes = try Samples.bytes("networkequipment_1.json")
        let inventory = try GLPIInventory(bytes)
        #expect(inventory.statements.map(\.subject) == [.device(target: "SSI1912014B", address: "10.2.5.10")])
        #expect(inventory.fact(.system, "model") == "UCS 6248UP 48-Port")
        #expect(inventory.fact(.system, "name") == "ucs6248up-cluster-pa3-B")
        #expect(inventory.fact(.system, "kind") == "network")
        let root = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let content = try #require(root["content"] as? [String: Any])
        let ports = try #require(content["network_ports"] as? [[String: Any]])
        #expect(inventory.items(.interfaces).count == ports.count && ports.count == 183)
        for port in ports {
            let number = try #require(port["ifnumber"] as? Int)
            #expect(
                inventory.fact(.interfaces, "name", key: "\(number)") == (port["ifname"] as? String).map { .text($0) })
            #expect(inventory.fact(.interfaces, "mac", key: "\(number)") == (port["mac"] as? String).map { .text($0) })
        }
        #expect(inventory.items(.neighbours).count == 5)
        #expect(inventory.items(.entities).count == 66)
    }

    @Test("A printer and the older XML of devices are read alike")
    func devices() throws {
        let printer = try GLPIInventory(try Samples.bytes("printer_1.json"))
        #expect(printer.statements.map(\.subject) == [.device(target: "PHCVN191TG", address: "10.59.29.175")])
        #expect(printer.fact(.system, "kind") == "printer")
        #expect(printer.items(.interfaces).count == 2)
        #expect(printer.fact(.interfaces, "addresses", key: "2") == .list(["10.59.29.175"]))
        #expect(printer.receipts.first?.message == "not taken: cartridges 1, pagecounters 1")
        let router = try GLPIInventory(try Samples.bytes("netinventory.xml"))
        #expect(router.statements.map(\.subject) == [.device(target: "486280", address: "172.21.255.102")])
        #expect(router.fact(.system, "model") == "WR11 XT")
        #expect(router.items(.interfaces).count == 18)
        #expect(router.fact(.interfaces, "addresses", key: "9") == .list(["172.21.255.105"]))
        let discovery = try GLPIInventory(try Samples.bytes("netdiscovery.xml"))
        #expect(discovery.statements.map(\.subject) == [.device(target: "00:23:04:ee:be:02", address: "192.168.0.8")])
        #expect(discovery.fact(.system, "name") == "swdc-07-01-dc1")
        #expect(discovery.statements[0].sections.allSatisfy { !$0.isComplete })
    }
}
