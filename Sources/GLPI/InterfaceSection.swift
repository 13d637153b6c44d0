import Model

extension SectionReader {
    /// Interfaces of a computer. The format has an entry for each address; those of one interface become one item.
    static let interfaces = SectionReader(.interfaces, ["networks"]) { content in
        let (records, others) = content.record.objects("networks")
        var found = Found(unread: others, isWhole: others == 0)
        var order: [String] = []
        var entries: [String: [GLPIRecord]] = [:]
        var places: [String: String] = [:]
        for record in records {
            guard let name = record.text("description") ?? mac(of: record), name.utf8.count <= Limits.valueBytes else {
                found.unread += 1
                found.isWhole = false
                continue
            }
            // Windows has several adapters of one description and tells them apart by their place.
            let place = record.text("pnpdeviceid") ?? ""
            let isOther = places[name].map { $0 != place } ?? false
            let key = isOther ? "\(name) \(place)" : name
            if !isOther { places[name] = place }
            if entries[key] == nil { order.append(key) }
            entries[key, default: []].append(record)
        }
        for key in order {
            let (item, unread) = interface(key, entries[key] ?? [])
            found.items.append(item)
            found.unread += unread
        }
        return found
    }

    private static func interface(_ key: String, _ entries: [GLPIRecord]) -> (item: SectionItem, unread: Int) {
        var facts = Facts(entries.first ?? GLPIRecord())
        facts.set("mac", entries.lazy.compactMap(mac).first.map { .text($0) })
        facts.text("driver", "driver")
        facts.text("pci_address", "pcislot", as: pciAddress)
        facts.text("state", "status") { ["up", "down"].contains($0.lowercased()) ? $0.lowercased() : nil }
        facts.number("mtu", "mtu", atMost: 1 << 32)
        // Windows answers 2^63 bits a second for an interface that is down.
        if !(facts.record.text("speed") ?? "").hasPrefix("9223372036854") {
            facts.number("speed_mbps", "speed", atMost: 10_000_000)
        }
        facts.text("type", "type") { text in
            let word = text.lowercased()
            return ["wifi": "wireless", "aggregate": "bond"][word] ?? word
        }
        if facts.values["type"] == nil, facts.record.text("virtualdev") == "1" { facts.set("type", "virtual") }
        let members = (facts.record.text("slaves") ?? "").split { ", ".contains($0) }
        facts.list("members", members.prefix(1000).map(String.init))
        var addresses: Set<String> = []
        for entry in entries {
            for (address, mask) in [("ipaddress", "ipmask"), ("ipaddress6", "ipmask6")] {
                for text in entry.texts(address) {
                    guard let parsed = IPAddress(text) else { continue }
                    let prefix = entry.text(mask).flatMap { prefixLength($0, of: parsed) }
                    addresses.insert(prefix.map { "\(parsed)/\($0)" } ?? parsed.description)
                }
            }
        }
        facts.list("addresses", addresses.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        return (facts.item(key), facts.unread)
    }

    private static func mac(of record: GLPIRecord) -> String? {
        let stated = record.first("mac", "macaddr")
        return stated.flatMap { MACAddress($0) }.flatMap { $0.isFiller ? nil : $0.description }
    }

    /// How many bits of the mask are set, where they are the first ones; or the number itself.
    static func prefixLength(_ mask: String, of address: IPAddress) -> Int? {
        let bits = address.octets.count * 8
        if let number = Int(mask) { return (0...bits).contains(number) ? number : nil }
        guard let parsed = IPAddress(mask), parsed.octets.count == address.octets.count else { return nil }
        let length = parsed.octets.reduce(0) { $0 + $1.nonzeroBitCount }
        let leading = parsed.octets.prefix { $0 == 0xff }.count
        let last = leading < parsed.octets.count ? parsed.octets[leading].leadingOneBitCount : 0
        return leading * 8 + last == length ? length : nil
    }
}

extension UInt8 {
    fileprivate var leadingOneBitCount: Int { (~self).leadingZeroBitCount }
}
