import Inventory
import LinuxSystem
import Model
import Testing

@Suite("DisksSource")
struct DisksSourceTests {
    private func section(_ machine: RecordedMachine) throws -> InventorySection {
        guard case .success(let sections) = try machine.read(DisksSource()) else {
            throw InventoryError("no data")
        }
        return try #require(sections.first)
    }

    @Test("a SCSI disk behind SATA, with its serial number page")
    func sata() throws {
        let device = "/sys/devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda"
        let machine = RecordedMachine(text: [
            device + "/size": "2000\n", device + "/removable": "0\n", device + "/queue/rotational": "1\n",
            device + "/device/model": "WDC WD10  \n", device + "/device/vendor": "ATA     \n",
            device + "/device/rev": "1A01\n", device + "/device/wwid": "naa.50014ee2b1\n",
            device + "/device/vpd_pg80": "\u{0}\u{50}\u{0}\u{0}",
        ])
        machine.write(device + "/device/vpd_pg80", [0, 0x80, 0, 10] + Array("  WD-123456".utf8))
        machine.link("/sys/block/sda", to: ".." + device.dropFirst(4))
        #expect(
            try section(machine).items == [
                SectionItem(
                    key: "sda",
                    attributes: [
                        "size_bytes": 1_024_000, "model": "WDC WD10", "serial": "WD-12345", "wwn": "naa.50014ee2b1",
                        "firmware": "1A01", "transport": "sata", "rotational": true, "removable": false,
                    ])
            ])
    }

    @Test("NVMe and virtio disks; loops, memory, media and empty devices are left out")
    func kinds() throws {
        var files: [String: String] = [:]
        for name in ["loop0", "ram1", "zram0", "sr0", "fd0", "vda", "nvme0n1"] {
            files["/sys/block/\(name)/size"] = "8\n"
        }
        files["/sys/block/nbd0/size"] = "0\n"
        files["/sys/block/vda/serial"] = "abc\n"
        files["/sys/block/vda/device/vendor"] = "0x1af4\n"
        files["/sys/block/nvme0n1/device/firmware_rev"] = "2B2QEXM7 \n"
        let items = try section(RecordedMachine(text: files)).items
        #expect(items.map(\.key) == ["nvme0n1", "vda"])
        #expect(items.first?.attributes == ["size_bytes": 4096, "transport": "nvme", "firmware": "2B2QEXM7"])
        #expect(items.last?.attributes == ["size_bytes": 4096, "serial": "abc"])
    }

    @Test("hostile files are no trap")
    func hostile() throws {
        let machine = RecordedMachine()
        for (index, size) in ["9223372036854775807", "-5", "99999999999999999999999", "x", ""].enumerated() {
            machine.write("/sys/block/sd\(index)/size", Array(size.utf8))
        }
        #expect(try section(machine).items.isEmpty)
        let pages: [[UInt8]] = [
            [], [0, 0x80, 0xff, 0xff], [0, 0x80, 0, 9, 0x41], [0, 0x80, 0, 1, 0xff], [1, 2, 3, 4, 5],
        ]
        for (index, page) in pages.enumerated() {
            machine.write("/sys/block/sd\(index)/size", Array("1".utf8))
            machine.write("/sys/block/sd\(index)/device/vpd_pg80", page)
        }
        #expect(try section(machine).items.compactMap { $0.attributes["serial"]?.text } == ["A"])
    }

    @Test("a machine without /sys/block has no data")
    func absent() throws {
        #expect(
            try RecordedMachine().read(DisksSource())
                == .noData("/sys/block does not exist"))
    }
}
