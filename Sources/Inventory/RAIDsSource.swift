import LinuxSystem
import Model

/// RAID sets of the kernel (MD) with their state (Documentation/admin-guide/md.rst).
public struct RAIDsSource: InventorySource {
    /// `raids`
    public static let name = "raids"

    /// A source.
    public init() {}

    /// Reads /sys/block/md* and, for what has no directory there, /proc/mdstat.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let root = context.root
        let devices = ((try? root.blockDevices()) ?? []).filter { root.exists($0.place + "md") }
        let sets = MDStat.all(root)
        let names = Set(devices.map(\.name))
        let items =
            devices.prefix(4096).map { device in item(device, sets.first { $0.name == device.name }, root) }
            + sets.filter { !names.contains($0.name) }.map(item)
        return items.isEmpty
            ? .noData("no RAID set of the kernel") : .success([InventorySection(name: .raids, items: items)])
    }

    private func item(_ set: MDStat) -> SectionItem {
        let missing = set.disks.flatMap { disks in set.working.map { max(0, disks - min($0, disks)) } }
        var facts = Attributes()
        facts.text("level", set.level)
        facts.number("size_bytes", set.bytes)
        facts.number("disks", set.disks)
        facts.number("missing_disks", missing)
        facts.text("state", set.state == "active" ? (missing ?? 0 > 0 ? "degraded" : "optimal") : set.state)
        facts.list("members", set.members)
        return facts.item(set.name)
    }

    private func item(_ device: BlockDevice, _ listed: MDStat?, _ root: SystemRoot) -> SectionItem {
        let members = ((try? root.names(device.place + "md", limit: 10_000)) ?? []).filter { $0.hasPrefix("dev-") }
        func state(_ member: String) -> String { root.line("\(device.place)md/\(member)/state") ?? "?" }
        let degraded = device.line("md/degraded").flatMap { Int($0) }
        var facts = Attributes()
        facts.text("level", device.line("md/level"))
        facts.text("metadata", device.line("md/metadata_version"))
        facts.text("uuid", device.line("md/uuid") ?? device.udev["MD_UUID"] ?? device.udev["ID_FS_UUID"])
        facts.number("size_bytes", device.bytes ?? listed?.bytes)
        facts.number("disks", device.line("md/raid_disks").flatMap { Int($0.split(separator: " ").first ?? "") })
        facts.number("missing_disks", degraded)
        facts.number("chunk_bytes", root.number(device.place + "md/chunk_size").flatMap { $0 > 0 ? $0 : nil })
        facts.text("state", word(device, degraded))
        facts.list("members", members.map { "\($0.dropFirst(4)) \(state($0))" })
        return facts.item(device.name)
    }

    /// `clean` and `active` take turns with every write: both are `optimal`.
    private func word(_ device: BlockDevice, _ degraded: Int?) -> String {
        let array = device.line("md/array_state") ?? ""
        if ["clear", "inactive", "readonly", "suspended"].contains(array) { return array }
        if let action = device.line("md/sync_action"),
            ["resync", "recover", "reshape", "check", "repair"].contains(action)
        {
            return action
        }
        return degraded ?? 0 > 0 ? "degraded" : "optimal"
    }
}
