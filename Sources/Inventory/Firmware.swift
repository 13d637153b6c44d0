import LinuxSystem

/// What the firmware says of the machine: the kernel's id files, else the SMBIOS tables, else the device tree.
struct Firmware {
    var vendor: String?
    var model: String?
    var version: String?
    var serial: String?
    var uuid: String?
    var chassisType: String?
    var boardVendor: String?
    var boardModel: String?
    var boardSerial: String?
    var assetTag: String?
    var biosVendor: String?
    var biosVersion: String?
    var biosDate: String?
    var sku: String?
    var family: String?
    var boardVersion: String?
    var boardAssetTag: String?
    var chassisVendor: String?
    var chassisVersion: String?
    var chassisSerial: String?
    /// Whether the tables tell of a management controller (IPMI, type 38).
    var hasManagementController: Bool?
    /// What was left out and why; nil for nothing.
    var missing: String?

    init(_ context: InventoryContext) {
        let root = context.root
        // Serial numbers and UUID are readable by root only; the tables too. What cannot be read is left out.
        var table: SMBIOSTable?
        do { table = try context.firmware.table(context) } catch {
            missing = "serial numbers and UUID: \(error)"
        }
        let system = table?.first(1)
        let board = table?.first(2)
        let chassis = table?.first(3)
        func id(_ name: String) -> String? { root.line("/sys/class/dmi/id/" + name) }
        vendor = id("sys_vendor") ?? system?.string(4)
        model = id("product_name") ?? system?.string(5) ?? deviceTree("model", root)
        version = id("product_version") ?? system?.string(6)
        serial = id("product_serial") ?? system?.string(7) ?? deviceTree("serial-number", root)
        uuid = id("product_uuid") ?? table?.systemUUID
        let chassisNumber = id("chassis_type").flatMap { UInt8($0) } ?? chassis?.byte(5).map { $0 & 0x7f }
        chassisType = chassisNumber.flatMap { chassisNames[$0] }
        boardVendor = id("board_vendor") ?? board?.string(4)
        boardModel = id("board_name") ?? board?.string(5)
        boardSerial = id("board_serial") ?? board?.string(7)
        assetTag = id("chassis_asset_tag") ?? chassis?.string(8)
        biosVendor = id("bios_vendor") ?? table?.first(0)?.string(4)
        biosVersion = id("bios_version") ?? table?.first(0)?.string(5)
        biosDate = id("bios_date") ?? table?.first(0)?.string(8)
        sku = id("product_sku") ?? system?.string(0x19)
        family = id("product_family") ?? system?.string(0x1a)
        boardVersion = id("board_version") ?? board?.string(6)
        boardAssetTag = id("board_asset_tag") ?? board?.string(8)
        chassisVendor = id("chassis_vendor") ?? chassis?.string(4)
        chassisVersion = id("chassis_version") ?? chassis?.string(6)
        chassisSerial = id("chassis_serial") ?? chassis?.string(7)
        hasManagementController = table.map { $0.first(38) != nil }
    }
}

private func deviceTree(_ name: String, _ root: SystemRoot) -> String? {
    root.line("/sys/firmware/devicetree/base/" + name) ?? root.line("/proc/device-tree/" + name)
}

/// A device tree's list of texts, each ended by NUL.
func deviceTreeList(_ name: String, _ root: SystemRoot) -> [String] {
    for base in ["/sys/firmware/devicetree/base/", "/proc/device-tree/"] {
        guard let bytes = try? root.bytes(base + name, limit: 4096) else { continue }
        return bytes.split(separator: 0).prefix(32).map { ByteText(slice: $0).trimmed.string }
    }
    return []
}

// DSP0134 §7.4.1.
private let chassisNames: [UInt8: String] = [
    1: "other", 3: "desktop", 4: "low-profile desktop", 5: "pizza box", 6: "mini tower", 7: "tower", 8: "portable",
    9: "laptop",
    10: "notebook", 11: "hand held", 12: "docking station", 13: "all in one", 14: "sub notebook", 15: "space-saving",
    16: "lunch box", 17: "main server chassis", 18: "expansion chassis", 19: "sub chassis",
    20: "bus expansion chassis", 21: "peripheral chassis", 22: "raid chassis", 23: "rack mount chassis",
    24: "sealed-case pc", 25: "multi-system chassis", 26: "compact pci", 27: "advanced tca", 28: "blade",
    29: "blade enclosure", 30: "tablet", 31: "convertible", 32: "detachable", 33: "iot gateway", 34: "embedded pc",
    35: "mini pc", 36: "stick pc",
]
