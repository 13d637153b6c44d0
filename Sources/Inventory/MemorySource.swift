import LinuxSystem
import Model

/// How much memory and swap the kernel has.
public struct MemorySource: InventorySource {
    /// `memory`
    public static let name = "memory"

    /// The one kind there is.
    public init() {}

    /// Reads /proc/meminfo.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let memory: MemoryInfo
        do {
            memory = try MemoryInfo.read(context.root)
        } catch {
            guard case .absent = error else { throw error }
            return .noData("/proc/meminfo does not exist")
        }
        guard let size = memory["MemTotal"].flatMap(Int64.init(exactly:)) else {
            throw InventoryError("/proc/meminfo has no MemTotal")
        }
        var attributes: [String: AttributeValue] = ["size_bytes": .integer(size)]
        attributes["swap_bytes"] = memory["SwapTotal"].flatMap(Int64.init(exactly:)).map { .integer($0) }
        return .success([InventorySection(name: .memory, items: [SectionItem(key: "", attributes: attributes)])])
    }
}
