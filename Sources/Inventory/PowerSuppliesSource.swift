import LinuxSystem
import Model

/// Power supplies, from the firmware's tables (DSP0134 §7.40).
public struct PowerSuppliesSource: InventorySource {
    /// `power_supplies`
    public static let name = "power_supplies"

    /// A source.
    public init() {}

    /// Reads SMBIOS type 39.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        try firmwareSection(context, .powerSupplies, types: [39], what: "power supply") { supply, _ in
            let name = supply.string(6) ?? "?"
            var facts = Attributes()
            facts.text("name", name)
            facts.text("location", supply.string(5))
            facts.text("manufacturer", supply.string(7))
            facts.text("serial", supply.string(8))
            facts.text("asset_tag", supply.string(9))
            facts.text("part_number", supply.string(10))
            facts.text("revision", supply.string(11))
            facts.number("max_watts", supply.word(12).flatMap { $0 == 0x8000 || $0 == 0 ? nil : $0 })
            if let word = supply.word(14) {
                facts.flag("is_present", word & 2 != 0)
                facts.flag("is_plugged", word & 4 == 0)
                facts.flag("is_hot_replaceable", word & 1 != 0)
            }
            return facts.item(supply.string(5).map { "\(name) \($0)" } ?? name)
        }
    }
}
