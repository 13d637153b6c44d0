import LinuxSystem
import Model

/// The processors: model, vendor and how many there are.
public struct CPUSource: InventorySource {
    /// `cpu`
    public static let name = "cpu"

    /// The one kind there is.
    public init() {}

    /// Reads /proc/cpuinfo and sysfs.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let info: CPUInfo
        do {
            info = try CPUInfo.read(context.root)
        } catch {
            guard case .absent = error else { throw error }
            return .noData("/proc/cpuinfo does not exist")
        }
        var attributes: [String: AttributeValue] = [:]
        attributes["model"] = info.model.map { .text($0) }
        attributes["vendor"] = info.vendor.map { .text($0) }
        attributes["sockets"] = info.sockets.map { .integer(Int64($0)) }
        attributes["cores"] = info.cores.map { .integer(Int64($0)) }
        attributes["threads"] = info.threads.map { .integer(Int64($0)) }
        attributes["architecture"] = architecture(context.root).map { .text($0) }
        guard !attributes.isEmpty else { throw InventoryError("/proc/cpuinfo names no processor") }
        return .success([InventorySection(name: .cpu, items: [SectionItem(key: "", attributes: attributes)])])
    }
}
