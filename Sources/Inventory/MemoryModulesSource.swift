import LinuxSystem
import Model

/// The sockets for memory and what is in them, from the firmware's tables.
public struct MemoryModulesSource: InventorySource {
    /// `memory_modules`
    public static let name = "memory_modules"

    /// A source.
    public init() {}

    /// Reads SMBIOS types 16 and 17.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        try firmwareSection(context, .memoryModules, types: [17], what: "memory device") { device, table in
            let array = device.word(4).flatMap { table.structure(handle: $0, type: 16) }
            // Flash for the firmware and the memory of cards are no memory of the machine.
            guard array?.isSystemMemory ?? true else { return nil }
            let locator = device.string(0x10) ?? "?"
            var facts = Attributes()
            facts.text("locator", locator)
            facts.text("bank", device.string(0x11))
            facts.number("size_bytes", device.memoryDeviceBytes)
            facts.flag("is_populated", device.memoryDeviceBytes != nil || device.word(12) == 0xffff)
            facts.text("form_factor", device.memoryFormFactor)
            facts.text("error_correction", array?.memoryErrorCorrection)
            if device.memoryDeviceBytes != nil {
                facts.text("type", device.memoryType)
                facts.number("speed_mts", device.memorySpeed)
                facts.number("configured_speed_mts", device.configuredMemorySpeed)
                facts.text("manufacturer", device.string(0x17))
                facts.text("serial", device.string(0x18))
                facts.text("asset_tag", device.string(0x19))
                facts.text("part_number", device.string(0x1a))
                facts.number("ranks", device.byte(0x1b).flatMap { $0 & 15 == 0 ? nil : $0 & 15 })
                facts.number("width_bits", device.word(0x0a).flatMap { $0 == 0xffff || $0 == 0 ? nil : $0 })
            }
            return facts.item(device.string(0x11).map { "\(locator) \($0)" } ?? locator)
        }
    }
}
