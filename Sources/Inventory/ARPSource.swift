import LinuxSystem
import Model

/// Which MAC address answers for which IPv4 address beside the host; entries without an answer are left out.
public struct ARPSource: InventorySource {
    /// `arp`
    public static let name = "arp"

    private static let isComplete: UInt64 = 2

    /// A source.
    public init() {}

    /// Reads /proc/net/arp: a heading, then address, hardware type, flags, MAC address, mask, interface.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let content: ByteText
        do { content = try context.root.content("/proc/net/arp", limit: 16 << 20) } catch {
            if case .absent = error { return .noData(error.description) }
            throw error
        }
        let items = content.lines.dropFirst().prefix(20_000).compactMap { line -> SectionItem? in
            let fields = line.fields
            guard fields.count >= 6, let address = IPAddress(fields[0].string), let mac = MACAddress(fields[3].string),
                fields[2].hasPrefix("0x"), let flags = ByteText(slice: fields[2].bytes.dropFirst(2)).hexadecimal,
                flags & ARPSource.isComplete != 0
            else { return nil }
            var facts = Attributes()
            facts.text("address", address.description)
            facts.text("mac", mac.description)
            facts.text("interface", fields[5].string)
            return facts.item("\(fields[5].string) \(address)")
        }
        return items.isEmpty
            ? .noData("no neighbour has answered") : .success([InventorySection(name: .arp, items: items)])
    }
}
