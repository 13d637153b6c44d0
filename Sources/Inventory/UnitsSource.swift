import LinuxSystem
import Model

/// systemd's units and whether they start by themselves, from their files.
public struct UnitsSource: InventorySource {
    /// `units`
    public static let name = "units"

    /// The one kind there is.
    public init() {}

    /// Reads the unit directories where systemd runs the machine.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        guard SystemdUnits.isRunning(context.root) else { return .noData("/run/systemd/system does not exist") }
        let found = SystemdUnits(context.root)
        let items = found.units.map { unit in
            var attributes: [String: AttributeValue] = ["state": .text(unit.state)]
            attributes["path"] = unit.path.map { .text($0) }
            attributes["description"] = unit.description.map { .text($0) }
            return SectionItem(key: unit.name, attributes: attributes)
        }
        return .success([InventorySection(name: .units, items: items, isComplete: found.isComplete)])
    }
}
