import LinuxSystem
import Model

/// Keyboards, mice and other things one enters something with.
public struct InputSource: InventorySource {
    /// `input`
    public static let name = "input"

    /// A source.
    public init() {}

    /// Reads /proc/bus/input/devices: blocks of lines `I:`, `N:`, `P:`, `H:`.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let content: ByteText
        do { content = try context.root.content("/proc/bus/input/devices", limit: 1 << 20) } catch {
            if case .absent = error { return .noData("no input devices (\(error))") }
            throw error
        }
        var items: [SectionItem] = []
        var device = Device()
        for line in content.lines.prefix(20_000) {
            if line.hasPrefix("I:"), let item = device.item {
                items.append(item)
                device = Device()
            }
            device.take(line)
        }
        if let item = device.item { items.append(item) }
        return items.isEmpty
            ? .noData("no input device") : .success([InventorySection(name: .input, items: items.withDistinctKeys)])
    }

    private struct Device {
        private var facts = Attributes()
        private var name: String?
        private var place = ""

        mutating func take(_ line: ByteText) {
            let rest = ByteText(slice: line.bytes.dropFirst(3))
            if line.hasPrefix("I:") {
                for field in rest.fields {
                    guard let (key, value) = field.cut(at: UInt8(ascii: "=")) else { continue }
                    if key == "Bus" { facts.text("bus", buses[value.string] ?? value.string) }
                    if key == "Vendor" { facts.text("vendor_id", value.string) }
                    if key == "Product" { facts.text("product_id", value.string) }
                }
            } else if let (key, value) = rest.cut(at: UInt8(ascii: "=")) {
                let text = value.string
                if key == "Name" { name = text.hasPrefix("\"") ? String(text.dropFirst().prefix { $0 != "\"" }) : text }
                if key == "Phys" { place = text }
                if key == "Uniq" { facts.text("serial", text) }
                if key == "Handlers" { facts.text("type", kind(value)) }
            }
        }

        var item: SectionItem? {
            guard let name else { return nil }
            var facts = facts
            facts.text("name", name)
            facts.text("location", place)
            return facts.item(place.isEmpty ? name : "\(name) \(place)")
        }

        private func kind(_ handlers: ByteText) -> String? {
            let words = handlers.fields
            if words.contains(where: { $0.hasPrefix("mouse") }) { return "pointer" }
            if words.contains(where: { $0.hasPrefix("js") }) { return "joystick" }
            return words.contains { $0 == "kbd" } ? "keyboard" : nil
        }
    }
}

// BUS_* of <linux/input.h>.
private let buses = [
    "0001": "pci", "0003": "usb", "0005": "bluetooth", "0006": "virtual", "0010": "isa", "0011": "i8042", "0018": "i2c",
    "0019": "host", "001c": "spi",
]
