import LinuxSystem
import Model

/// Which MAC address answers for which address beside the host; entries without an answer are left out. Of a recorded machine only
/// IPv4, which alone stands in a file.
public struct ARPSource: InventorySource {
    /// `arp`
    public static let name = "arp"

    private static let isComplete: UInt64 = 2

    /// A source.
    public init() {}

    /// Reads /proc/net/arp, and asks the kernel for what neighbour discovery knows.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let ipv4 = try ARPSource.ipv4(context.root)
        let ipv6: [NeighbourEntry]
        do throws(NetlinkError) { ipv6 = context.root.isLive ? try NeighbourEntry.ipv6() : [] } catch {
            let section = InventorySection(name: .arp, items: ipv4 ?? [], isComplete: false)
            return .partial([section], "neighbours of IPv6: \(error)")
        }
        guard ipv4 != nil || !ipv6.isEmpty else { return .noData("/proc/net/arp does not exist") }
        let items = (ipv4 ?? []) + ARPSource.items(ipv6, context.root)
        return items.isEmpty
            ? .noData("no neighbour has answered") : .success([InventorySection(name: .arp, items: items)])
    }

    /// A heading, then address, hardware type, flags, MAC address, mask, interface; nil where there is no IPv4.
    private static func ipv4(_ root: SystemRoot) throws(SystemReadError) -> [SectionItem]? {
        let content: ByteText
        do throws(SystemReadError) { content = try root.content("/proc/net/arp", limit: 16 << 20) } catch {
            if case .absent = error { return nil }
            throw error
        }
        return content.lines.dropFirst().prefix(20_000).compactMap { line in
            let fields = line.fields
            guard fields.count >= 6, let address = IPAddress(fields[0].string), let mac = MACAddress(fields[3].string),
                fields[2].hasPrefix("0x"), let flags = ByteText(slice: fields[2].bytes.dropFirst(2)).hexadecimal,
                flags & isComplete != 0
            else { return nil }
            return item(address, mac, fields[5].string)
        }
    }

    /// Entries of neighbour discovery, with the names of their interfaces.
    static func items(_ entries: [NeighbourEntry], _ root: SystemRoot) -> [SectionItem] {
        var names: [UInt32: String] = [:]
        for name in (try? root.names("/sys/class/net", limit: 20_000)) ?? [] where !entries.isEmpty {
            if let number = root.number("/sys/class/net/\(name)/ifindex").flatMap({ UInt32(exactly: $0) }) {
                names[number] = name
            }
        }
        return entries.compactMap { entry in names[entry.interface].map { item(entry.address, entry.mac, $0) } }
    }

    private static func item(_ address: IPAddress, _ mac: MACAddress, _ interface: String) -> SectionItem {
        var facts = Attributes()
        facts.text("address", address.description)
        facts.text("mac", mac.description)
        facts.text("interface", interface)
        return facts.item("\(interface) \(address)")
    }
}
