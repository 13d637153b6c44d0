import LinuxSystem
import Model

/// Slots for cards, from the firmware's tables (DSP0134 §7.10).
public struct SlotsSource: InventorySource {
    /// `slots`
    public static let name = "slots"

    /// A source.
    public init() {}

    /// Reads SMBIOS type 9.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        try firmwareSection(context, .slots, types: [9], what: "slot") { slot, _ in
            let name = slot.string(4) ?? "?"
            var facts = Attributes()
            facts.text("name", name)
            facts.text("type", slot.byte(5).flatMap(slotType))
            facts.text("width", slot.byte(6).flatMap { widths[$0] })
            facts.text("usage", slot.byte(7).flatMap { [3: "available", 4: "in use", 5: "unavailable"][$0] })
            facts.text("pci_address", address(slot))
            return facts.item(name)
        }
    }

    private func address(_ slot: SMBIOSTable.Structure) -> String? {
        guard let segment = slot.word(0x0d), let bus = slot.byte(0x0f), let place = slot.byte(0x10), segment != 0xffff,
            bus != 0xff || place != 0xff
        else { return nil }
        return PCIAddress(domain: UInt32(segment), bus: bus, device: place >> 3, function: place & 7).text
    }
}

private let widths: [UInt8: String] = [
    3: "8-bit", 4: "16-bit", 5: "32-bit", 6: "64-bit", 7: "128-bit", 8: "x1", 9: "x2", 10: "x4", 11: "x8", 12: "x12",
    13: "x16", 14: "x32",
]

private func slotType(_ number: UInt8) -> String? {
    if let name = slotTypes[number] { return name }
    // The PCI Express numbers of one generation stand one after the other: any width, x1, x2, x4, x8, x16.
    let generations: [(first: UInt8, name: String)] = [
        (0xa5, "PCI Express"), (0xab, "PCI Express 2"), (0xb1, "PCI Express 3"), (0xb8, "PCI Express 4"),
        (0xbe, "PCI Express 5"),
    ]
    let words = ["", " x1", " x2", " x4", " x8", " x16"]
    for generation in generations where (generation.first..<generation.first + 6).contains(number) {
        return generation.name + words[Int(number - generation.first)]
    }
    return nil
}

private let slotTypes: [UInt8: String] = [
    3: "ISA", 4: "MCA", 5: "EISA", 6: "PCI", 7: "PC Card", 8: "VLB", 9: "proprietary", 10: "processor card",
    11: "proprietary memory card", 12: "I/O riser card", 13: "NuBus", 14: "PCI 66 MHz", 15: "AGP", 16: "AGP 2x",
    17: "AGP 4x", 18: "PCI-X", 19: "AGP 8x", 20: "M.2 socket 1-DP", 21: "M.2 socket 1-SD", 22: "M.2 socket 2",
    23: "M.2 socket 3", 24: "MXM type I", 25: "MXM type II", 0x1f: "U.2", 0x20: "U.2", 0x21: "U.2", 0x26: "OCP NIC 3.0",
]
