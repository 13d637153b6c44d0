import LinuxSystem
import Model

/// Block devices with their size and what they say of themselves; kernel memory devices and media are left out.
public struct DisksSource: InventorySource {
    /// `disks`
    public static let name = "disks"

    private static let directory = "/sys/block"
    private static let limit = 20_000

    /// The one kind there is.
    public init() {}

    /// Reads /sys/block, and asks smartctl for the disks' health where it is installed.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let names: [String]
        do {
            names = try context.root.names(DisksSource.directory)
        } catch {
            guard case .absent = error else { throw error }
            return .noData("\(DisksSource.directory) does not exist")
        }
        // loop and ram hold no storage of their own; the size of sr and fd is that of the medium inside.
        let disks = names.filter { name in !["loop", "ram", "zram", "sr", "fd"].contains { isNumbered(name, $0) } }
        var items = disks.prefix(DisksSource.limit).compactMap { item($0, context.root) }
        let isComplete = disks.count <= DisksSource.limit
        guard context.root.isLive, context.root.exists(SMARTClient.program), disks.contains(where: SMARTClient.isAsked)
        else { return .success([InventorySection(name: .disks, items: items, isComplete: isComplete)]) }
        do {
            DisksSource.add(SMARTHealth.all(in: try DisksSource.reports(context)), to: &items)
            return .success([InventorySection(name: .disks, items: items, isComplete: isComplete)])
        } catch {
            return .partial(
                [InventorySection(name: .disks, items: items, isComplete: false)], "health of disks: \(error)")
        }
    }

    private static func reports(_ context: InventoryContext) throws -> [UInt8] {
        if let helper = context.helper { return try helper.ask(.smart) }
        return try SMARTClient.reports(context.root, until: .now + .seconds(30))
    }

    /// Adds what disks say of their health to what they are.
    static func add(_ health: [String: SMARTHealth], to items: inout [SectionItem]) {
        for index in items.indices {
            guard let found = health[items[index].key] else { continue }
            items[index].attributes.merge(found.facts.values) { $1 }
        }
    }

    private func item(_ name: String, _ root: SystemRoot) -> SectionItem? {
        let disk = BlockDevice(name, in: DisksSource.directory, root)
        let place = disk.place
        guard let size = disk.bytes else { return nil }
        let udev = disk.udev
        var facts = Attributes()
        facts.number("size_bytes", size)
        facts.text("model", disk.line("device/model") ?? udev["ID_MODEL_ENC"] ?? udev["ID_MODEL"])
        facts.text("vendor", vendor(disk.line("device/vendor")))
        facts.text("serial", serial(place, root) ?? udev["ID_SERIAL_SHORT"])
        facts.text("wwn", disk.line("wwid") ?? disk.line("device/wwid") ?? udev["ID_WWN"])
        facts.text(
            "firmware", disk.line("device/firmware_rev") ?? disk.line("device/rev") ?? udev["ID_REVISION"])
        facts.text("transport", transport(name, root.link(DisksSource.directory + "/" + name)))
        facts.text("mapped_name", disk.line("dm/name"))
        facts.flag("rotational", root.number(place + "queue/rotational").map { $0 != 0 })
        facts.flag("removable", root.number(place + "removable").map { $0 != 0 })
        facts.flag("read_only", root.number(place + "ro").flatMap { $0 != 0 ? true : nil })
        facts.number("logical_sector_bytes", root.number(place + "queue/logical_block_size"))
        facts.number("physical_sector_bytes", root.number(place + "queue/physical_block_size"))
        facts.text("partition_table", udev["ID_PART_TABLE_TYPE"])
        facts.text("content", udev["ID_FS_TYPE"])
        facts.text("state", disk.line("device/state").flatMap { ["running", "live"].contains($0) ? nil : $0 })
        facts.number("rpm", udev["ID_ATA_ROTATION_RATE_RPM"].flatMap { Int($0) }.flatMap { $0 > 1 ? $0 : nil })
        facts.text("path", udev["ID_PATH"])
        return facts.item(name)
    }

    /// A PCI number (virtio) or the word ATA (libata) names no vendor.
    private func vendor(_ text: String?) -> String? {
        guard let text, text != "ATA", !text.hasPrefix("0x") else { return nil }
        return text
    }

    /// NVMe and MMC have a file, virtio one beside, SCSI the unit serial number page (SPC-4 7.8.15: four bytes of
    /// heading, then the text).
    private func serial(_ place: String, _ root: SystemRoot) -> String? {
        if let line = root.line(place + "device/serial") ?? root.line(place + "serial") { return line }
        guard let page = try? root.bytes(place + "device/vpd_pg80", limit: 4096), page.count > 4, page[1] == 0x80
        else { return nil }
        let text = ByteText(page[4...].prefix(Int(page[2]) << 8 | Int(page[3]))).trimmed
        return text.bytes.allSatisfy { (0x20...0x7e).contains($0) } ? text.string : nil
    }

    /// How it is attached, from its name and its place in the device tree.
    private func transport(_ name: String, _ link: String?) -> String? {
        if name.hasPrefix("nvme") { return "nvme" }
        if name.hasPrefix("mmcblk") { return "mmc" }
        let parts = link?.split(separator: "/") ?? []
        let prefixes: [(prefix: String, word: String)] = [
            ("usb", "usb"), ("session", "iscsi"), ("rport-", "fc"), ("end_device-", "sas"), ("ata", "sata"),
            ("virtio", "virtio"), ("vmbus", "vmbus"), ("virtual", "virtual"),
        ]
        return prefixes.first { entry in
            parts.contains { $0 == entry.prefix || $0.hasPrefix(entry.prefix) && isNumbered($0, entry.prefix) }
        }?.word
    }
}
