import LinuxSystem
import Model

/// Sound cards (ALSA).
public struct SoundSource: InventorySource {
    /// `sound`
    public static let name = "sound"

    /// A source.
    public init() {}

    /// Reads /proc/asound/cards: two lines for each card, ` 0 [PCH ]: HDA-Intel - HDA Intel PCH` and a long name.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let content: ByteText
        do { content = try context.root.content("/proc/asound/cards", limit: 65_536) } catch {
            if case .absent = error { return .noData("no sound (\(error))") }
            throw error
        }
        var items: [SectionItem] = []
        let lines = content.lines.prefix(1000)
        for (index, line) in lines.enumerated() {
            guard let open = line.bytes.firstIndex(of: UInt8(ascii: "[")),
                let close = line.bytes[open...].firstIndex(of: UInt8(ascii: "]")),
                let (_, rest) = ByteText(slice: line.bytes[close...]).cut(at: UInt8(ascii: ":"))
            else { continue }
            let id = ByteText(slice: line.bytes[(open + 1)..<close]).trimmed.string
            var facts = Attributes()
            let words = rest.string.split(separator: " - ", maxSplits: 1).map(String.init)
            facts.text("driver", words.first)
            facts.text("name", words.last)
            if index + 1 < lines.count { facts.text("description", lines[index + 1].trimmed.string) }
            items.append(facts.item(id))
        }
        return items.isEmpty
            ? .noData("no sound card") : .success([InventorySection(name: .sound, items: items.withDistinctKeys)])
    }
}
