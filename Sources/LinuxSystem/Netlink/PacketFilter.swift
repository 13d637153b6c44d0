import CLinux

/// A table of nftables as the kernel holds it (<linux/netfilter/nf_tables.h>), with what iptables-nft, Docker, ufw and firewalld
/// have put there. How many rules and what becomes of a packet that none names, never the rules themselves.
public struct PacketFilter: Hashable, Sendable {
    /// `inet`, `ip`, `ip6`, `arp`, `bridge` or `netdev`.
    public var family: String
    /// The table's name.
    public var name: String
    /// Whether the table is switched off.
    public var isDormant = false
    /// How many chains it has.
    public var chains = 0
    /// How many rules its chains have.
    public var rules = 0
    /// What its chains at the kernel's hooks do with packets that no rule decides: `filter input drop`.
    public var hooks: [String] = []

    /// The answers of the kernel about tables, chains and rules, one behind the other.
    public static func answers() throws(NetlinkError) -> [UInt8] {
        var answers: [UInt8] = []
        for message: UInt16 in [1, 4, 7] {
            // nfgenmsg: any family, version 0.
            let question = NetlinkQuestion(
                family: MUSTER_NETFILTER, type: subsystem | message, isDump: true, payload: [0, 0, 0, 0])
            answers += try question.answer()
        }
        return answers
    }

    /// The tables in such answers, in the kernel's order.
    public static func all(in answers: some Collection<UInt8>) -> [PacketFilter] {
        var tables: [PacketFilter] = []
        var places: [String: Int] = [:]
        for message in NetlinkMessage.all(in: answers) where message.type & 0xff00 == subsystem {
            let attributes = NetlinkAttributes(message.payload.dropFirst(4))
            guard let number = message.payload.first, let family = families[number], let name = attributes.text(1)
            else {
                continue
            }
            let key = "\(family) \(name)"
            switch (message.type & 0xff, places[key]) {
            case (0, nil) where tables.count < 1000:
                places[key] = tables.count
                tables.append(
                    PacketFilter(
                        family: family, name: name, isDormant: (attributes.bigEndian(2) ?? 0) & 1 != 0))
            case (3, let place?):
                tables[place].chains += 1
                if let hook = hook(attributes, family: number), tables[place].hooks.count < 100 {
                    tables[place].hooks.append(hook)
                }
            case (6, let place?): tables[place].rules += 1
            default: break
            }
        }
        return tables
    }

    private static let subsystem: UInt16 = 10 << 8

    private static let families: [UInt8: String] = [1: "inet", 2: "ip", 3: "arp", 5: "netdev", 7: "bridge", 10: "ip6"]

    /// A chain at a hook; nil for one that is only jumped to.
    private static func hook(_ chain: NetlinkAttributes, family: UInt8) -> String? {
        guard let nested = chain[4], let number = NetlinkAttributes(nested).bigEndian(1) else { return nil }
        let names: [UInt8: [String]] = [3: ["input", "output", "forward"], 5: ["ingress", "egress"]]
        let hooks = names[family] ?? ["prerouting", "input", "forward", "output", "postrouting", "ingress"]
        let hook = Int(exactly: number).flatMap { hooks.indices.contains($0) ? hooks[$0] : nil } ?? "\(number)"
        let policy = chain.bigEndian(5).map { $0 == 0 ? "drop" : "accept" } ?? "accept"
        return "\(chain.text(7) ?? "filter") \(hook) \(policy)"
    }
}
