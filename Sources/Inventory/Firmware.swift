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
    /// What was left out and why; nil for nothing.
    var missing: String?

    init(_ root: SystemRoot, helper: HelperClient? = nil) {
        // Serial numbers and UUID are readable by root only; the tables too. What cannot be read is left out.
        var table: SMBIOSTable?
        do { table = try firmwareTable(root, helper: helper) } catch {
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
        uuid = id("product_uuid") ?? system?.systemUUID
        let chassisNumber = id("chassis_type").flatMap { UInt8($0) } ?? chassis?.byte(5).map { $0 & 0x7f }
        chassisType = chassisNumber.flatMap { chassisNames[$0] }
        boardVendor = id("board_vendor") ?? board?.string(4)
        boardModel = id("board_name") ?? board?.string(5)
        boardSerial = id("board_serial") ?? board?.string(7)
        assetTag = id("chassis_asset_tag") ?? chassis?.string(8)
        biosVendor = id("bios_vendor") ?? table?.first(0)?.string(4)
        biosVersion = id("bios_version") ?? table?.first(0)?.string(5)
    }
}

/// The tables, asked for where they are closed to us; nil where the machine has none.
private func firmwareTable(_ root: SystemRoot, helper: HelperClient?) throws -> SMBIOSTable? {
    do throws(SystemReadError) { return try SMBIOSTable.read(root) } catch {
        if case .absent = error { return nil }
        guard let helper else { throw error }
        return SMBIOSTable(try helper.ask(.smbios))
    }
}

private func deviceTree(_ name: String, _ root: SystemRoot) -> String? {
    root.line("/sys/firmware/devicetree/base/" + name) ?? root.line("/proc/device-tree/" + name)
}

// DSP0134 §7.4.1, the ones a fleet has.
private let chassisNames: [UInt8: String] = [
    3: "desktop", 4: "low-profile desktop", 5: "pizza box", 6: "mini tower", 7: "tower", 8: "portable", 9: "laptop",
    10: "notebook", 11: "hand held", 13: "all in one", 14: "sub notebook", 17: "main server chassis",
    23: "rack mount chassis", 28: "blade", 29: "blade enclosure", 30: "tablet", 31: "convertible", 32: "detachable",
    34: "embedded pc", 35: "mini pc", 36: "stick pc",
]
