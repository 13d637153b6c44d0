import LinuxSystem
import Model

/// Batteries of the machine and of what hangs on it (sysfs, Documentation/ABI/testing/sysfs-class-power): what they are,
/// and how worn, not how full.
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
        facts.number("health_percent", health(place, root))
        // A day's use is no change worth a record: counted in tens.
        facts.number("cycle_count", root.number(place + "cycle_count").flatMap { $0 > 0 ? $0 / 10 * 10 : nil })
        return facts.item(name)
    }

    /// What a full battery holds now, in whole percent of what it was made for; nil where the firmware tells no sense.
    private func health(_ place: String, _ root: SystemRoot) -> Int64? {
        for kind in ["energy", "charge"] {
            guard let full = root.number(place + kind + "_full"), full > 0, full < 1 << 40,
                let design = root.number(place + kind + "_full_design"), design > 0
            else { continue }
            let percent = full * 100 / design
            return percent <= 200 ? percent : nil
        }
        return nil
    }
}
