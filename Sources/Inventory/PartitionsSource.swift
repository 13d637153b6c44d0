import LinuxSystem
import Model

/// Partitions of disks with the file system, or whatever else, that udev saw in them.
public struct PartitionsSource: InventorySource {
    /// `partitions`
    public static let name = "partitions"

    private static let limit = 20_000

    /// A source.
    public init() {}

    /// Reads /sys/block and /run/udev/data.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let root = context.root
        let disks: [BlockDevice]
        do { disks = try root.blockDevices() } catch {
            if case .absent = error { return .noData(error.description) }
            throw error
        }
        var items: [SectionItem] = []
        for disk in disks where !isNumbered(disk.name, "loop") && !isNumbered(disk.name, "ram") {
            let names = (try? root.names("/sys/block/" + disk.name)) ?? []
            for name in names where name.hasPrefix(disk.name) && items.count < PartitionsSource.limit {
                let partition = BlockDevice(name, in: "/sys/block/" + disk.name, root)
                if partition.line("partition") != nil { items.append(item(partition, of: disk)) }
            }
        }
        return items.isEmpty
            ? .noData("no disk has partitions") : .success([InventorySection(name: .partitions, items: items)])
    }

    private func item(_ partition: BlockDevice, of disk: BlockDevice) -> SectionItem {
        let udev = partition.udev
        var facts = Attributes()
        facts.text("disk", disk.name)
        facts.number("number", partition.line("partition").flatMap { Int($0) })
        facts.number("size_bytes", partition.bytes)
        facts.text("scheme", udev["ID_PART_ENTRY_SCHEME"])
        facts.text("type", udev["ID_PART_ENTRY_TYPE"].map { partitionTypes[$0.lowercased()] ?? $0 })
        facts.text("partition_uuid", udev["ID_PART_ENTRY_UUID"])
        facts.text("label", udev["ID_PART_ENTRY_NAME"] ?? udev["ID_FS_LABEL"])
        facts.text("content", udev["ID_FS_TYPE"])
        facts.text("content_uuid", udev["ID_FS_UUID"])
        facts.flag("is_encrypted", udev["ID_FS_TYPE"].map { $0 == "crypto_LUKS" || $0 == "BitLocker" })
        facts.flag("read_only", partition.line("ro").map { $0 != "0" })
        facts.list("used_by", partition.holders)
        return facts.item(partition.name)
    }
}

// GUIDs of the Discoverable Partitions Specification and of UEFI, and the old one-byte numbers.
private let partitionTypes: [String: String] = [
    "c12a7328-f81f-11d2-ba4b-00a0c93ec93b": "EFI system", "21686148-6449-6e6f-744e-656564454649": "BIOS boot",
    "0fc63daf-8483-4772-8e79-3d69d8477de4": "Linux", "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f": "swap",
    "e6d6d379-f507-44c2-a23c-238f2a3df928": "LVM", "a19d880f-05fc-4d3b-a006-743f0f84911e": "RAID",
    "bc13c2ff-59e6-4262-a352-b275fd6f7172": "extended boot", "4f68bce3-e8cd-4db1-96e7-fbcaf984b709": "root x86-64",
    "b921b045-1df0-41c3-af44-4c6f280d3fae": "root ARM 64", "ebd0a0a2-b9e5-4433-87c0-68b6b72699c7": "Microsoft data",
    "e3c9e316-0b5c-4db8-817d-f92df00215ae": "Microsoft reserved", "0x83": "Linux", "0x82": "swap", "0x8e": "LVM",
    "0xfd": "RAID", "0x5": "extended", "0xf": "extended", "0xef": "EFI system", "0x7": "NTFS", "0xc": "FAT32",
]
