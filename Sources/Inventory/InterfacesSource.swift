import LinuxSystem
import Model

/// Network interfaces with their addresses.
public struct InterfacesSource: InventorySource {
    /// `interfaces`
    public static let name = "interfaces"

    /// A source.
    public init() {}

    /// Reads /sys/class/net and asks the kernel for addresses.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let root = context.root
        let names: [String]
        do { names = try root.names("/sys/class/net", limit: 20_000) } catch {
            if case .absent = error { return .noData("no /sys/class/net") }
            throw error
        }
        let addresses = Dictionary(grouping: InterfaceAddress.all(root)) { $0.interface }
        // `bonding_masters` is a file among the directories.
        let items = names.filter { root.exists("/sys/class/net/\($0)/ifindex") }.map { name in
            item(name, addresses[name] ?? [], root)
        }
        return items.isEmpty
            ? .noData("no interface in /sys/class/net") : .success([InventorySection(name: .interfaces, items: items)])
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

    private func lastPart(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
