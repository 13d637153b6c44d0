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

    /// Reads /sys/block.
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
        let items = disks.prefix(DisksSource.limit).compactMap { item($0, context.root) }
        let isComplete = disks.count <= DisksSource.limit
        return .success([InventorySection(name: .disks, items: items, isComplete: isComplete)])
    }

    private func item(_ name: String, _ root: SystemRoot) -> SectionItem? {
        let place = "\(DisksSource.directory)/\(name)/"
        // Sectors of 512 bytes, whatever the device's own are.
        guard let sectors = root.number(place + "size"), sectors > 0 else { return nil }
        let (size, overflow) = sectors.multipliedReportingOverflow(by: 512)
        guard !overflow else { return nil }
        var attributes: [String: AttributeValue] = ["size_bytes": .integer(size)]
        func put(_ attribute: String, _ text: String?) {
            if let text, !text.isEmpty { attributes[attribute] = .text(text) }
        }
        put("model", root.line(place + "device/model"))
        put("vendor", vendor(root.line(place + "device/vendor")))
        put("serial", serial(place, root))
        put("wwn", root.line(place + "wwid") ?? root.line(place + "device/wwid"))
        put("firmware", root.line(place + "device/firmware_rev") ?? root.line(place + "device/rev"))
        put("transport", transport(name, root.link(DisksSource.directory + "/" + name)))
        put("mapped_name", root.line(place + "dm/name"))
        if let flag = root.number(place + "queue/rotational") { attributes["rotational"] = .flag(flag != 0) }
        if let flag = root.number(place + "removable") { attributes["removable"] = .flag(flag != 0) }
        return SectionItem(key: name, attributes: attributes)
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

/// Whether `name` is `prefix` and then begins with a digit.
private func isNumbered(_ name: some StringProtocol, _ prefix: String) -> Bool {
    guard name.hasPrefix(prefix), let next = name.utf8.dropFirst(prefix.utf8.count).first else { return false }
    return (48...57).contains(next)
}
