import FoundationEssentials
import Inventory
import LinuxSystem
import Model
import Testing

@Suite("PCI, USB and what hangs on them")
struct PeripheralsTests {
    private func items(_ machine: RecordedMachine, _ source: some InventorySource) throws -> [SectionItem] {
        guard case .success(let sections) = try machine.read(source) else { return [] }
        return sections.first?.items ?? []
    }

    private static let pciNames = """
        # comment
        10de  NVIDIA Corporation
        \t1eb8  TU104GL [Tesla T4]
        \t\t10de 12a2  Tesla T4 card
        8086  Intel Corporation
        \t1521  I350 Gigabit Network Connection
        \t\t8086 0001  Ethernet Server Adapter I350-T4
        \t1522  other
        C 02  Network controller
        \t00  Ethernet controller
        C 03  Display controller
        \t02  3D controller

        """

    private func pci(_ address: String, _ numbers: [String]) -> [String: String] {
        let place = "/sys/bus/pci/devices/\(address)/"
        let names = ["vendor", "device", "class", "subsystem_vendor", "subsystem_device", "revision"]
        return Dictionary(uniqueKeysWithValues: zip(names, numbers).map { (place + $0, $1 + "\n") })
    }

    @Test("PCI functions have the names of the host's list, their card's, driver and slot")
    func pci() throws {
        var files = pci("0000:03:00.0", ["0x8086", "0x1521", "0x020000", "0x8086", "0x0001", "0x01"])
        files["/usr/share/misc/pci.ids"] = Self.pciNames
        files["/sys/bus/pci/devices/0000:03:00.0/numa_node"] = "-1\n"
        files["/sys/bus/pci/slots/4/address"] = "0000:03:00\n"
        let machine = RecordedMachine(text: files)
        machine.link("/sys/bus/pci/devices/0000:03:00.0/driver", to: "../../../bus/pci/drivers/igb")
        #expect(
            try items(machine, PCISource()) == [
                SectionItem(
                    key: "0000:03:00.0",
                    attributes: [
                        "class_id": "020000", "class": "Ethernet controller", "vendor_id": "8086", "device_id": "1521",
                        "vendor": "Intel Corporation", "model": "I350 Gigabit Network Connection",
                        "subsystem_id": "8086:0001", "subsystem_vendor": "Intel Corporation",
                        "subsystem": "Ethernet Server Adapter I350-T4", "revision": "01", "driver": "igb", "slot": "4",
                    ])
            ])
    }

    @Test("without a list of names, and with a hostile one, the numbers stay")
    func noNames() throws {
        var files = pci("0000:00:01.0", ["0x8086", "0x1521", "0x030200"])
        for list in [nil, "8086", "8086  ", "\t\t\n\t", String(repeating: "8", count: 200_000), "\u{0}\u{0}\n8086\t"] {
            files["/usr/share/misc/pci.ids"] = list
            let facts = try items(RecordedMachine(text: files), PCISource()).first?.attributes
            #expect(facts?["vendor_id"] == "8086")
        }
        files["/sys/bus/pci/devices/0000:00:02.0/vendor"] = "0xzz\n"
        #expect(try items(RecordedMachine(text: files), PCISource()).count == 1)
    }

    @Test("a graphics processor says its memory and its driver's UUID")
    func gpu() throws {
        var files = pci("0000:01:00.0", ["0x10de", "0x1eb8", "0x030200"])
        files.merge(pci("0000:02:00.0", ["0x8086", "0x1521", "0x020000"])) { $1 }
        files["/usr/share/hwdata/pci.ids"] = Self.pciNames
        files["/sys/bus/pci/devices/0000:01:00.0/mem_info_vram_total"] = "16106127360\n"
        files["/proc/driver/nvidia/gpus/0000:01:00.0/information"] = "Model: \t\t Tesla T4\nGPU UUID: \t GPU-1234\n"
        let found = try items(RecordedMachine(text: files), GPUsSource())
        #expect(found.map(\.key) == ["0000:01:00.0"])
        #expect(found.first?.attributes["model"] == "Tesla T4")
        #expect(found.first?.attributes["memory_bytes"] == 16_106_127_360)
        #expect(found.first?.attributes["uuid"] == "GPU-1234")
    }

    @Test("a USB device keeps its key when the buses are numbered anew")
    func usb() throws {
        func machine(_ bus: Int) -> RecordedMachine {
            let place = "/sys/devices/pci0000:00/0000:00:14.0/usb\(bus)/\(bus)-1/\(bus)-1.2"
            let machine = RecordedMachine(text: [
                place + "/idVendor": "0bda\n", place + "/idProduct": "8153\n", place + "/serial": "00E04C\n",
                place + "/bDeviceClass": "00\n", place + "/speed": "5000\n", place + "/product": "USB LAN\n",
                place + "/\(bus)-1.2:1.0/bInterfaceClass": "ff\n", "/sys/bus/usb/devices/x": "",
                "/usr/share/misc/usb.ids": "0bda  Realtek Semiconductor Corp.\n\t8153  RTL8153\n",
            ])
            machine.link("/sys/bus/usb/devices/\(bus)-1.2", to: "../../.." + place.dropFirst(4))
            return machine
        }
        let first = try items(machine(1), USBSource())
        #expect(first == (try items(machine(3), USBSource())))
        #expect(first.first?.key == "0000:00:14.0 1.2 0bda:8153")
        #expect(first.first?.attributes["vendor"] == "Realtek Semiconductor Corp.")
        #expect(first.first?.attributes["model"] == "USB LAN")
        #expect(first.first?.attributes["speed_mbps"] == 5000)
    }

    @Test("sound cards and input devices")
    func soundAndInput() throws {
        let machine = RecordedMachine(text: [
            "/proc/asound/cards":
                " 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n                      HDA at 0xf7 irq 32\n",
            "/proc/bus/input/devices": """
            I: Bus=0003 Vendor=046d Product=c31c Version=0110
            N: Name="Logitech Keyboard"
            P: Phys=usb-0000:00:14.0-1/input0
            U: Uniq=
            H: Handlers=sysrq kbd event0

            I: Bus=0011 Vendor=0002 Product=0001 Version=0000
            N: Name="PS/2 Mouse"
            P: Phys=isa0060/serio1/input0
            H: Handlers=mouse0 event1

            """,
        ])
        let card = try items(machine, SoundSource()).first
        #expect(card?.key == "PCH")
        #expect(card?.attributes["name"] == "HDA Intel PCH")
        let inputs = try items(machine, InputSource())
        #expect(inputs.map { $0.attributes["type"]?.text } == ["keyboard", "pointer"])
        #expect(inputs.first?.attributes["bus"] == "usb")
    }

    @Test("a battery is what it is, not how full it is")
    func battery() throws {
        let place = "/sys/class/power_supply/BAT0/"
        let machine = RecordedMachine(text: [
            place + "type": "Battery\n", place + "manufacturer": "SMP\n", place + "model_name": "X1\n",
            place + "serial_number": "34605\n", place + "energy_full_design": "57570000\n", place + "energy_now": "1\n",
            "/sys/class/power_supply/AC/type": "Mains\n",
        ])
        #expect(
            try items(machine, BatteriesSource()) == [
                SectionItem(
                    key: "BAT0",
                    attributes: ["manufacturer": "SMP", "model": "X1", "serial": "34605", "design_energy_mwh": 57_570])
            ])
    }

    @Test("a battery's wear in whole percent, its cycles in tens; firmware that tells no sense gives neither")
    func batteryWear() throws {
        let place = "/sys/class/power_supply/BAT0/"
        let machine = RecordedMachine(text: [
            place + "type": "Battery\n", place + "charge_full_design": "5000000\n", place + "charge_full": "4375000\n",
            place + "cycle_count": "317\n",
        ])
        let item = try #require(try items(machine, BatteriesSource()).first)
        #expect(item.attributes["health_percent"] == 87 && item.attributes["cycle_count"] == 310)
        machine.write(place + "charge_full", Array("50000000\n".utf8))
        machine.write(place + "cycle_count", Array("0\n".utf8))
        let senseless = try #require(try items(machine, BatteriesSource()).first)
        #expect(senseless.attributes["health_percent"] == nil && senseless.attributes["cycle_count"] == nil)
    }

    private struct Monitor: Decodable {
        var caption: String?
        var description: String
        var serial: String

        enum CodingKeys: String, CodingKey {
            case caption = "CAPTION"
            case description = "DESCRIPTION"
            case serial = "SERIAL"
        }
    }

    /// What another agent composes of several texts by rules of single models, or writes where nothing is.
    private static let composed: Set<String> = [
        "benq-bl2420-tf.3 serial", "lcd.acer-al1921 serial", "lcd.Elonex-PR600 name",
    ]

    @Test(
        "recorded monitors: name, week, year and serial number",
        .enabled(if: Corpus.isPresent, Comment(rawValue: Corpus.notice)))
    func monitors() throws {
        var share = Share()
        for name in try Corpus.stems("commands/edid", ".expected.json") {
            let expected = try JSONDecoder().decode(
                Monitor.self, from: Data(try Corpus.bytes("commands/edid/\(name).expected.json")))
            let machine = RecordedMachine(["/sys/class/drm/card0-DP-1/edid": try Corpus.bytes("commands/edid/\(name)")])
            let facts = try #require(try items(machine, MonitorsSource()).first).attributes
            let week = facts["week"]?.integer ?? 0
            share.compare("\(name) date", "\(week)/\(facts["year"]?.integer ?? 1990)", expected.description)
            if let caption = expected.caption, !Self.composed.contains("\(name) name") {
                share.compare("\(name) name", facts["model"]?.text, caption)
            }
            let isFiller = expected.serial.allSatisfy { $0 == "0" }
            if !isFiller, !Self.composed.contains("\(name) serial") {
                share.compare("\(name) serial", facts["serial"]?.text, expected.serial)
            }
        }
        print("EDID: \(share.right) of \(share.all) facts")
        #expect(share.all > 100)
        #expect(share.wrong == [])
    }

    @Test("A10: any bytes are an EDID or none, never a trap")
    func hostileEDID() {
        for count in [0, 7, 8, 127, 128, 256] {
            #expect(EDID([UInt8](repeating: 0xff, count: count)) == nil)
        }
        let head: [UInt8] = [0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0]
        for byte in [UInt8(0), 0xff, 0x1b] {
            #expect(EDID(head + [UInt8](repeating: byte, count: 120)) != nil)
        }
    }
}
