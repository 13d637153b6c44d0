import LinuxSystem
import Model
import Synchronization

/// The firmware's tables, read once for all sources of one run: asking the helper costs more than reading them.
public final class FirmwareTables: Sendable {
    private let known = Mutex<Result<SMBIOSTable?, InventoryError>?>(nil)

    /// Nothing read yet.
    public init() {}

    /// The tables, asked for where they are closed to us; nil where the machine has none.
    func table(_ context: InventoryContext) throws(InventoryError) -> SMBIOSTable? {
        let result = known.withLock { known in
            let result = known ?? FirmwareTables.read(context.root, context.helper)
            known = result
            return result
        }
        return try result.get()
    }

    private static func read(_ root: SystemRoot, _ helper: HelperClient?) -> Result<SMBIOSTable?, InventoryError> {
        do throws(SystemReadError) { return .success(try SMBIOSTable.read(root)) } catch {
            if case .absent = error { return .success(nil) }
            guard let helper else { return .failure(InventoryError(error.description)) }
            do throws(HelperError) { return .success(SMBIOSTable(try helper.ask(.smbios))) } catch {
                return .failure(InventoryError(error.description))
            }
        }
    }
}

/// A part of the machine as the firmware's tables tell it: one section of items, each made from one structure.
func firmwareSection(
    _ context: InventoryContext, _ name: SectionName, types: Set<UInt8>, what: String,
    _ item: (SMBIOSTable.Structure, SMBIOSTable) -> SectionItem?
) throws -> InventoryOutcome {
    guard let table = try context.firmware.table(context) else { return .noData("the machine has no SMBIOS tables") }
    let items = table.structures.filter { types.contains($0.type) }.compactMap { item($0, table) }
    guard !items.isEmpty else { return .noData("the SMBIOS tables name no \(what)") }
    return .success([InventorySection(name: name, items: items.withDistinctKeys)])
}
