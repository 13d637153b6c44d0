import LinuxSystem
import Model

/// Network interfaces with their addresses.
public struct InterfacesSource: InventorySource {
    /// `interfaces`
    public static let name = "interfaces"

    /// A source.
    public init() {}

    /// Reads /sys/class/net and asks the kernel for addresses and wireless networks.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let root = context.root
        let names: [String]
        do { names = try root.names("/sys/class/net", limit: 20_000) } catch {
            if case .absent = error { return .noData("no /sys/class/net") }
            throw error
        }
        let addresses = Dictionary(grouping: InterfaceAddress.all(root)) { $0.interface }
        // `bonding_masters` is a file among the directories.
        var items = names.filter { root.exists("/sys/class/net/\($0)/ifindex") }.map { name in
            item(name, addresses[name] ?? [], root)
        }
        if root.isLive, items.contains(where: { $0.attributes["type"] == "wireless" }) {
            do throws(NetlinkError) {
                InterfacesSource.add(try WirelessInterface.all(), to: &items)
            } catch {
                let section = InventorySection(name: .interfaces, items: items, isComplete: false)
                return .partial([section], "wireless networks: \(error)")
            }
        }
        return items.isEmpty
            ? .noData("no interface in /sys/class/net") : .success([InventorySection(name: .interfaces, items: items)])
    }

    /// What wireless interfaces are in: it stays while a station moves between the access points of one network.
    static func add(_ wireless: [WirelessInterface], to items: inout [SectionItem]) {
        let known = Dictionary(wireless.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for index in items.indices {
            guard let found = known[items[index].key] else { continue }
            var facts = Attributes()
            facts.text("wireless_mode", found.mode)
            facts.text("wireless_network", found.network)
            items[index].attributes.merge(facts.values) { $1 }
        }
    }

    private func item(_ name: String, _ addresses: [InterfaceAddress], _ root: SystemRoot) -> SectionItem {
        let directory = "/sys/class/net/" + name
        let mac = root.line(directory + "/address").flatMap { MACAddress($0) }
        var facts = Attributes()
        facts.text("mac", mac.flatMap { $0.isFiller ? nil : $0.description })
        facts.text("permanent_mac", permanentMAC(name, root))
        facts.number("ifindex", root.number(directory + "/ifindex"))
        facts.number("mtu", root.number(directory + "/mtu"))
        facts.text("type", type(directory, name, root))
        facts.text("driver", root.link(directory + "/device/driver").map(lastPart))
        facts.text("master", root.link(directory + "/master").map(lastPart))
        facts.text("alias", root.line(directory + "/ifalias"))
        facts.text("state", isUp(directory, root) ? "up" : "down")
        // Megabits per second; -1 or an error while there is no link.
        facts.number("speed_mbps", root.number(directory + "/speed").flatMap { $0 > 0 ? $0 : nil })
        let duplex = root.line(directory + "/duplex")
        facts.text("duplex", duplex == "full" || duplex == "half" ? duplex : nil)
        facts.text("pci_address", pciAddress(root.link(directory + "/device")))
        facts.relations(name, root)
        facts.list("addresses", addresses.map(\.text))
        return facts.item(name)
    }

    /// A slave of a bond shows the bond's address; its own stands in /proc/net/bonding.
    private func permanentMAC(_ name: String, _ root: SystemRoot) -> String? {
        guard let master = root.link("/sys/class/net/\(name)/master").map(lastPart),
            let content = try? root.content("/proc/net/bonding/" + master)
        else { return nil }
        var isOurs = false
        for line in content.lines {
            guard let (label, value) = line.cut(at: UInt8(ascii: ":")) else { continue }
            if label == "Slave Interface" { isOurs = value.bytes.elementsEqual(name.utf8) }
            if isOurs, label == "Permanent HW addr" { return MACAddress(value.string)?.description }
        }
        return nil
    }

    // `unknown` is what drivers without link detection say; then the administrator's word counts (IFF_UP).
    private func isUp(_ directory: String, _ root: SystemRoot) -> Bool {
        switch root.line(directory + "/operstate") {
        case "up": return true
        case "unknown", nil:
            guard let flags = root.line(directory + "/flags"), flags.hasPrefix("0x"),
                let value = UInt64(flags.dropFirst(2), radix: 16)
            else { return false }
            return value & 1 != 0
        default: return false
        }
    }

    private func type(_ directory: String, _ name: String, _ root: SystemRoot) -> String {
        if root.exists(directory + "/bridge") { return "bridge" }
        if root.exists(directory + "/bonding") { return "bond" }
        if root.exists(directory + "/wireless") || root.exists(directory + "/phy80211") { return "wireless" }
        if root.exists(directory + "/tun_flags") { return "tunnel" }
        if let event = try? root.content(directory + "/uevent", limit: 65_536) {
            for line in event.lines where line.hasPrefix("DEVTYPE=") {
                return String(line.string.dropFirst(8).prefix(32))
            }
        }
        // ARPHRD numbers of <linux/if_arp.h>.
        switch root.number(directory + "/type") {
        case 1: return root.exists(directory + "/device") ? "ethernet" : "virtual"
        case 32: return "infiniband"
        case 772: return "loopback"
        case 768, 769, 776, 778, 823: return "tunnel"
        default: return "other"
        }
    }

    private func pciAddress(_ link: String?) -> String? {
        guard let name = link.map(lastPart), name.split(separator: ":").count == 3, name.contains(".") else {
            return nil
        }
        return name
    }
}

extension Attributes {
    /// What the interface is made of or hangs on: ports of a bond or bridge, the parent and number of a VLAN.
    fileprivate mutating func relations(_ name: String, _ root: SystemRoot) {
        let directory = "/sys/class/net/" + name
        // `802.3ad 4`
        text("bond_mode", root.line(directory + "/bonding/mode")?.split(separator: " ").first.map(String.init))
        list(
            "members",
            root.line(directory + "/bonding/slaves")?.split(separator: " ").prefix(256).map(String.init) ?? [])
        if root.exists(directory + "/brif") {
            list("members", Array(((try? root.names(directory + "/brif", limit: 10_000)) ?? []).prefix(1000)))
            flag("spanning_tree", root.number(directory + "/bridge/stp_state").map { $0 != 0 })
        }
        if let lines = try? root.content("/proc/net/vlan/" + name, limit: 65_536).lines {
            // `eth0.100  VID: 100  REORDER_HDR: 1 …` and `Device: eth0`.
            for line in lines.prefix(20) {
                let fields = line.fields
                if let place = fields.firstIndex(where: { $0 == "VID:" }), place + 1 < fields.count {
                    number("vlan", fields[place + 1].number)
                }
                if fields.count == 2, fields[0] == "Device:" { text("parent", fields[1].string) }
            }
        }
        if let lower = (try? root.names(directory, limit: 10_000))?.first(where: { $0.hasPrefix("lower_") }),
            values["members"] == nil, values["parent"] == nil
        {
            text("parent", String(lower.dropFirst(6)))
        }
    }
}
