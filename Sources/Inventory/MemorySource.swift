import LinuxSystem
import Model

/// How much memory and swap the kernel has, and how much the machine could take.
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
        var facts = Attributes()
        facts.number("size_bytes", size)
        facts.number("swap_bytes", memory["SwapTotal"])
        // Closed tables are said by the sources that have nothing else.
        if let table = try? context.firmware.table(context) { facts.sockets(table) }
        return .success([InventorySection(name: .memory, items: [facts.item("")])])
    }
}

extension Attributes {
    fileprivate mutating func sockets(_ table: SMBIOSTable) {
        let arrays = table.all(16).filter(\.isSystemMemory)
        let handles = Set(arrays.map(\.handle))
        let devices = table.all(17).filter { device in device.word(4).map { handles.contains($0) } ?? false }
        guard !arrays.isEmpty else { return }
        number("slots", devices.count)
        number("slots_used", devices.count { $0.memoryDeviceBytes != nil })
        var maximum: UInt64 = 0
        for bytes in arrays.compactMap(\.memoryMaximumBytes) {
            maximum = maximum.addingReportingOverflow(bytes).partialValue
        }
        number("maximum_bytes", maximum > 0 ? maximum : nil)
        text("error_correction", arrays.first?.memoryErrorCorrection)
        number("installed_bytes", installed(devices))
    }

    private func installed(_ devices: [SMBIOSTable.Structure]) -> UInt64? {
        var sum: UInt64 = 0
        for bytes in devices.compactMap(\.memoryDeviceBytes) {
            let (next, overflow) = sum.addingReportingOverflow(bytes)
            guard !overflow else { return nil }
            sum = next
        }
        return sum > 0 ? sum : nil
    }
}
