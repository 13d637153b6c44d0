import LinuxSystem
import Model

/// What filters packets on this host: the programs that manage rules with what they are set to, and the kernel's own tables with how
/// many rules they have. Never the rules themselves.
public struct FirewallSource: InventorySource {
    /// `firewall`
    public static let name = "firewall"

    /// A source.
    public init() {}

    /// Reads the settings of ufw, firewalld and nftables, /proc/net/*_tables_names and asks the kernel for the tables of nftables,
    /// which it tells root alone.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let root = context.root
        var items = [FirewallSource.ufw(root), FirewallSource.firewalld(root), FirewallSource.nftables(root)]
            .compactMap { $0 }
        var missing: [String] = []
        for (file, family) in [("ip_tables_names", "iptables"), ("ip6_tables_names", "ip6tables")] {
            do throws(SystemReadError) { items += try FirewallSource.legacy(file, family, root) } catch {
                if case .absent = error { continue }
                missing.append("tables of \(family)")
            }
        }
        if root.isLive {
            do throws(NetlinkError) {
                items += PacketFilter.all(in: try PacketFilter.answers()).map(FirewallSource.item)
            } catch {
                missing.append("the kernel's tables")
            }
        }
        guard missing.isEmpty else {
            // A container's root, and a user, may not look.
            let section = InventorySection(name: .firewall, items: items, isComplete: false)
            return .partial([section], "\(missing.joined(separator: ", ")): root alone can read them")
        }
        return items.isEmpty
            ? .noData("nothing that filters packets") : .success([InventorySection(name: .firewall, items: items)])
    }

    /// A table of the kernel as an item.
    static func item(_ table: PacketFilter) -> SectionItem {
        var facts = Attributes()
        facts.text("kind", "nftables")
        facts.text("family", table.family)
        facts.flag("enabled", !table.isDormant)
        facts.number("chains", table.chains)
        facts.number("rules", table.rules)
        facts.list("hooks", table.hooks)
        return facts.item("nft:\(table.family):\(table.name)")
    }

    private static func ufw(_ root: SystemRoot) -> SectionItem? {
        guard let settings = settings("/etc/ufw/ufw.conf", root) else { return nil }
        let policies = self.settings("/etc/default/ufw", root) ?? [:]
        var facts = Attributes()
        facts.text("kind", "ufw")
        facts.flag("enabled", settings["enabled"].map { $0 == "yes" })
        facts.text("default_input", policies["default_input_policy"])
        facts.text("default_output", policies["default_output_policy"])
        facts.text("default_forward", policies["default_forward_policy"])
        facts.text("log_level", settings["loglevel"])
        return facts.item("ufw")
    }

    private static func firewalld(_ root: SystemRoot) -> SectionItem? {
        guard root.exists("/usr/sbin/firewalld") || root.exists("/etc/firewalld") else { return nil }
        // Its directory is open to root alone on most distributions; the copy of the package says what it begins with.
        let settings =
            settings("/etc/firewalld/firewalld.conf", root) ?? settings("/usr/lib/firewalld/firewalld.conf", root)
        var facts = Attributes()
        facts.text("kind", "firewalld")
        facts.flag("enabled", starts("firewalld.service", root))
        facts.text("default_zone", settings?["defaultzone"])
        facts.text("backend", settings?["firewallbackend"])
        return facts.item("firewalld")
    }

    /// The service that loads /etc/nftables.conf.
    private static func nftables(_ root: SystemRoot) -> SectionItem? {
        guard root.exists("/etc/nftables.conf") || root.exists("/etc/sysconfig/nftables.conf") else { return nil }
        var facts = Attributes()
        facts.text("kind", "nftables")
        facts.flag("enabled", starts("nftables.service", root))
        return facts.item("nftables")
    }

    /// Tables of the older kind that are in use, one name a line; empty where the module is not loaded.
    private static func legacy(
        _ file: String, _ family: String, _ root: SystemRoot
    ) throws(SystemReadError) -> [SectionItem] {
        try root.content("/proc/net/" + file, limit: 65_536).lines.prefix(20).map { name in
            var facts = Attributes()
            facts.text("kind", family)
            facts.flag("enabled", true)
            return facts.item("\(family):\(name.string)")
        }
    }

    /// Whether systemd starts a unit with the machine.
    private static func starts(_ unit: String, _ root: SystemRoot) -> Bool {
        ["multi-user", "sysinit", "basic", "network-pre"].contains {
            root.link("/etc/systemd/system/\($0).target.wants/\(unit)") != nil
        }
    }

    /// `NAME=value` lines, names in lower case, values without quotation marks and in lower case; nil where the file cannot be read.
    private static func settings(_ path: String, _ root: SystemRoot) -> [String: String]? {
        guard let content = try? root.content(path, limit: 1 << 20) else { return nil }
        var settings: [String: String] = [:]
        for line in content.lines.prefix(1000) where !line.hasPrefix("#") {
            guard let (name, value) = line.cut(at: UInt8(ascii: "=")), name.bytes.count <= 64 else { continue }
            let plain = value.bytes.filter { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") }
            settings[name.string.lowercased()] = String(decoding: plain.prefix(256), as: UTF8.self).lowercased()
        }
        return settings
    }
}
