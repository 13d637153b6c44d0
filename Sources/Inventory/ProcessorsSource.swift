import LinuxSystem
import Model

/// Processor sockets and what is in them, from the firmware's tables (DSP0134 §7.5).
public struct ProcessorsSource: InventorySource {
    /// `processors`
    public static let name = "processors"

    /// A source.
    public init() {}

    /// Reads SMBIOS type 4.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        try firmwareSection(context, .processors, types: [4], what: "processor") { processor, _ in
            let socket = processor.string(4) ?? "?"
            let status = processor.byte(0x18) ?? 0
            var facts = Attributes()
            facts.text("socket", socket)
            facts.flag("is_populated", status & 0x40 != 0)
            facts.text(
                "state", [1: "enabled", 2: "disabled by user", 3: "disabled by firmware", 4: "idle"][status & 7])
            facts.text("manufacturer", processor.string(7))
            facts.text("model", processor.string(0x10))
            facts.number("max_mhz", processor.word(0x14).flatMap { $0 == 0 ? nil : $0 })
            facts.number("configured_mhz", processor.word(0x16).flatMap { $0 == 0 ? nil : $0 })
            facts.number("external_clock_mhz", processor.word(0x12).flatMap { $0 == 0 ? nil : $0 })
            facts.text("serial", processor.string(0x20))
            facts.text("asset_tag", processor.string(0x21))
            facts.text("part_number", processor.string(0x22))
            facts.number("cores", count(processor, 0x23, 0x2a))
            facts.number("enabled_cores", count(processor, 0x24, 0x2c))
            facts.number("threads", count(processor, 0x25, 0x2e))
            return facts.item(socket)
        }
    }

    /// A count of one byte; 255 says that it stands in a word further behind.
    private func count(_ processor: SMBIOSTable.Structure, _ offset: Int, _ word: Int) -> Int? {
        guard let byte = processor.byte(offset), byte != 0 else { return nil }
        return byte == 0xff ? processor.word(word).map(Int.init) ?? 255 : Int(byte)
    }
}
