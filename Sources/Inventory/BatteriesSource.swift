import LinuxSystem
import Model

/// Batteries of the machine and of what hangs on it (sysfs, Documentation/ABI/testing/sysfs-class-power): what they are,
/// not how full.
public struct BatteriesSource: InventorySource {
    /// `batteries`
    public static let name = "batteries"

    private static let directory = "/sys/class/power_supply"

    /// A source.
    public init() {}

    /// Reads /sys/class/power_supply.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let root = context.root
        let names: [String]
        do { names = try root.names(BatteriesSource.directory, limit: 1000) } catch {
            if case .absent = error { return .noData(error.description) }
            throw error
        }
        let items = names.compactMap { item($0, root) }
        return items.isEmpty
            ? .noData("no battery in \(BatteriesSource.directory)")
            : .success([InventorySection(name: .batteries, items: items)])
    }

    private func item(_ name: String, _ root: SystemRoot) -> SectionItem? {
        let place = "\(BatteriesSource.directory)/\(name)/"
        guard root.line(place + "type") == "Battery" else { return nil }
        let serial = root.line(place + "serial_number")
        var facts = Attributes()
        facts.text("manufacturer", root.line(place + "manufacturer"))
        facts.text("model", root.line(place + "model_name"))
        facts.text("serial", serial)
        facts.text("technology", root.line(place + "technology"))
        facts.text("scope", root.line(place + "scope")?.lowercased())
        // Micro-watthours, micro-amperehours, microvolts.
        facts.number("design_energy_mwh", root.number(place + "energy_full_design").map { $0 / 1000 })
        facts.number("design_charge_mah", root.number(place + "charge_full_design").map { $0 / 1000 })
        facts.number("design_voltage_mv", root.number(place + "voltage_min_design").map { $0 / 1000 })
        return facts.item(name)
    }
}
