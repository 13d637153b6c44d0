import LinuxSystem
import Model

/// Where memory is swapped out to.
public struct SwapsSource: InventorySource {
    /// `swaps`
    public static let name = "swaps"

    /// A source.
    public init() {}

    /// Reads /proc/swaps: a heading, then name, type, size in KiB, what is used, priority.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let content: ByteText
        do { content = try context.root.content("/proc/swaps", limit: 1 << 20) } catch {
            if case .absent = error { return .noData(error.description) }
            throw error
        }
        let items = content.lines.dropFirst().prefix(1000).compactMap { line -> SectionItem? in
            let fields = line.fields
            guard fields.count >= 5 else { return nil }
            var facts = Attributes()
            facts.text("type", fields[1].string)
            facts.number("size_bytes", fields[2].count.flatMap { $0 < 1 << 50 ? $0 << 10 : nil })
            facts.number("priority", fields[4].number)
            return facts.item(Mount.unescaped(fields[0]))
        }
        return items.isEmpty ? .noData("no swap") : .success([InventorySection(name: .swaps, items: items)])
    }
}
