import LinuxSystem
import Model

/// Volumes of the device mapper: LVM, encryption and multipath, told by the prefix of their UUID.
public struct VolumesSource: InventorySource {
    /// `volumes`
    public static let name = "volumes"

    /// A source.
    public init() {}

    /// Reads /sys/block/dm-*.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let root = context.root
        let devices: [BlockDevice]
        do { devices = try root.blockDevices().filter { isNumbered($0.name, "dm-") } } catch {
            if case .absent = error { return .noData(error.description) }
            throw error
        }
        guard !devices.isEmpty else { return .noData("no volume of the device mapper") }
        let names = Dictionary(
            devices.map { ($0.name, $0.line("dm/name") ?? $0.name) }, uniquingKeysWith: { left, _ in left })
        let items = devices.prefix(20_000).map { item($0, names) }
        return .success([InventorySection(name: .volumes, items: items.withDistinctKeys)])
    }

    private func item(_ device: BlockDevice, _ names: [String: String]) -> SectionItem {
        let uuid = device.line("dm/uuid") ?? ""
        let name = names[device.name] ?? device.name
        var facts = Attributes()
        facts.text("name", name)
        facts.text("uuid", uuid)
        facts.number("size_bytes", device.bytes)
        facts.text("type", type(uuid))
        facts.flag("is_encrypted", uuid.hasPrefix("CRYPT-"))
        if uuid.hasPrefix("CRYPT-") {
            facts.text("encryption", uuid.split(separator: "-").dropFirst().first.map(String.init))
        }
        if uuid.hasPrefix("LVM-") {
            let parts = lvmNames(name)
            facts.text("volume_group", parts?.group)
            facts.text("logical_volume", parts?.volume)
        }
        facts.text("content", device.udev["ID_FS_TYPE"])
        facts.flag("read_only", device.line("ro").map { $0 != "0" })
        facts.flag("is_suspended", device.line("dm/suspended").map { $0 != "0" })
        // What it stands on by the names that stay: `dm-` numbers are given in the order of starting.
        facts.list("made_of", device.parts.map { names[$0] ?? $0 })
        return facts.item(name)
    }

    private func type(_ uuid: String) -> String {
        let types = [
            ("LVM-", "lvm"), ("CRYPT-", "encryption"), ("mpath-", "multipath"), ("part", "partition"),
            ("DMRAID-", "fake raid"), ("VDO-", "vdo"), ("stratis-", "stratis"),
        ]
        return types.first { uuid.hasPrefix($0.0) }?.1 ?? "mapping"
    }
}

/// The volume group and logical volume in a mapper name: they stand with one `-` between them, and their own are doubled.
func lvmNames(_ name: String) -> (group: String, volume: String)? {
    var parts: [[UInt8]] = [[]]
    var rest = Array(name.utf8)[...]
    while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "-") {
            if rest.first == byte {
                rest = rest.dropFirst()
            } else {
                parts.append([])
                continue
            }
        }
        parts[parts.count - 1].append(byte)
    }
    guard parts.count >= 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    return (String(decoding: parts[0], as: UTF8.self), String(decoding: parts[1], as: UTF8.self))
}
