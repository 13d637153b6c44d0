import Model
import Wire

/// What a simulated agent says: made from its number alone, so that a run can be repeated.
struct SimulatedHost {
    /// 0, 1, 2 …
    let number: Int
    /// How many packages it has.
    let packages: Int

    var hostname: String { "sim-\(number)" }

    /// The sections of the first inventory.
    func sections() -> [InventorySection] {
        let serial = "SIM" + String(number + 1_000_000)
        return [
            InventorySection(
                name: .system,
                items: [
                    SectionItem(
                        key: "",
                        attributes: [
                            "hostname": .text(hostname), "vendor": "Simulated", "model": "S1", "serial": .text(serial),
                            "machine_id": .text(hexadecimal(SHA256Digest(of: Array(serial.utf8)).octets.prefix(16))),
                        ])
                ]),
            InventorySection(
                name: .os,
                items: [SectionItem(key: "", attributes: ["name": "debian", "version": "12", "kernel": "6.1.0-18"])]),
            InventorySection(name: .interfaces, items: [interface()]),
            packageSection(changed: 0),
        ]
    }

    /// The packages after `changed` upgrades of the first of them.
    func packageSection(changed: Int) -> InventorySection {
        let items = (0..<packages).map { package in
            let version = package == 0 ? "1.\(changed)-1" : "1.\(package % 17)-1"
            return SectionItem(
                key: "deb:pkg-\(package):amd64",
                attributes: [
                    "name": .text("pkg-\(package)"), "version": .text(version), "architecture": "amd64",
                    "vendor": "Simulated maintainers", "size_bytes": .integer(Int64(package) * 1024),
                    "state": "installed",
                ])
        }
        return InventorySection(name: .packages, items: items)
    }

    /// `count` values, introduced at the first report of an epoch.
    func samples(count: Int, round: Int) -> SampleReport {
        let introduced = (0..<count).map { index in
            IndexedSeries(index: UInt32(index), series: SeriesName("sim.value", ["number": String(index)]))
        }
        let values = (0..<count).map { index in
            IndexedValue(index: UInt32(index), value: Double((index * 31 + round * 7 + number) % 1000) / 10)
        }
        return SampleReport(subject: .host, introduced: round == 0 ? introduced : [], values: values)
    }

    private func interface() -> SectionItem {
        let bytes = SHA256Digest(of: Array(hostname.utf8)).octets
        let mac = [0x00, 0x1b] + bytes.prefix(4)
        return SectionItem(
            key: "eth0",
            attributes: [
                "mac": .text(MACAddress(octets: mac)?.description ?? ""), "mtu": 1500,
                "addresses": .list(["10.\(number / 65_536 % 256).\(number / 256 % 256).\(number % 256)/8"]),
            ])
    }
}
