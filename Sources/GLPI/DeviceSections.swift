import Model

/// What the agents' network inventory says of a device, in the sections that our own probe makes of SNMP.
struct GLPIDevice {
    /// The device by what stays the same longest: serial number, else MAC, else name, else address.
    let target: String
    /// The address it was asked at.
    let address: String?
    /// What it is called, for receipts.
    let name: String
    let sections: [InventorySection]
    let receipt: Receipt

    /// Reads a device: `facts` about itself, and the record with its ports and components; nil where nothing tells which it is.
    /// A discovery knows little of it, so what it lacks is not gone.
    init?(facts record: GLPIRecord, parts: GLPIRecord, isDiscovery: Bool, isPartial: Bool) {
        let addresses = (record.texts("ips") + record.record("ips").texts("ip") + record.texts("ip")).compactMap {
            IPAddress($0)
        }
        let reached = addresses.first { !$0.isLoopback && !$0.isUnspecified }
        let serial = record.text("serial").flatMap { $0.utf8.count <= Limits.nameBytes ? $0 : nil }
        let mac = record.text("mac").flatMap { MACAddress($0) }.flatMap { $0.isFiller ? nil : $0.description }
        let stated = record.first("name", "snmphostname", "netbiosname", "dnshostname")
        let named = stated.flatMap { $0.utf8.count <= Limits.nameBytes ? $0 : nil }
        guard let target = serial ?? mac ?? named ?? reached?.description else { return nil }
        self.target = target
        address = reached?.description
        name = named ?? reached?.description ?? target
        var system = Facts(record)
        system.text("vendor", "manufacturer")
        system.text("model", "model")
        system.text("version", "firmware")
        system.text("serial", "serial")
        system.text("kind", "type", as: Self.kind)
        system.text("name", "name", "snmphostname", "netbiosname", "dnshostname")
        system.text("description", "description", "comments", as: Self.oneLine)
        system.text("location", "location")
        system.text("contact", "contact")
        let ports = DevicePorts(parts, addresses: addresses, deviceMAC: mac)
        let entities = Self.entities(parts)
        let isWhole = !isDiscovery && !isPartial
        var sections = [InventorySection(name: .system, items: [system.item("")], isComplete: isWhole)]
        if let items = ports.interfaces, !isDiscovery {
            sections.append(InventorySection(name: .interfaces, items: items, isComplete: isWhole && ports.left == 0))
        }
        if !ports.neighbours.isEmpty {
            sections.append(InventorySection(name: .neighbours, items: ports.neighbours, isComplete: isWhole))
        }
        if let entities {
            sections.append(InventorySection(name: .entities, items: entities.items, isComplete: isWhole))
        }
        self.sections = sections
        var notes = GLPIInventory.notTaken(in: parts, besides: Self.taken)
        if ports.forwarding > 0 { notes.append("addresses behind ports \(ports.forwarding)") }
        if ports.left > 0 { notes.append("ports without a number \(ports.left)") }
        let unread = system.unread + ports.unread + (entities?.unread ?? 0)
        if unread > 0 { notes.append("values not readable \(unread)") }
        receipt = Receipt(
            source: "probe/\(name)", outcome: .success, found: sections.reduce(0) { $0 + $1.items.count },
            milliseconds: 0, message: GLPIInventory.message(notTaken: notes))
    }

    /// Parts of the content that are read, or say nothing of the device.
    static let taken: Set<String> = [
        "info", "network_device", "network_ports", "ports", "network_components", "components", "versionclient",
        "firmwares",
    ]

    /// Our own words for what a device is for.
    private static func kind(_ type: String) -> String? {
        switch type.lowercased() {
        case "networking", "networkequipment": "network"
        case "printer": "printer"
        case "storage": "storage"
        case "power": "power"
        case "computer": "server"
        default: nil
        }
    }

    /// Descriptions have lines; our own probe puts them on one.
    static func oneLine(_ text: String) -> String {
        text.utf8.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
            .map { String(decoding: Array($0), as: UTF8.self).trimmed }.joined(separator: " ")
    }

    /// Physical entities by index; nil where the document has none.
    private static func entities(_ parts: GLPIRecord) -> (items: [SectionItem], unread: Int)? {
        let listed =
            parts.objects("network_components").records + parts.record("components").objects("component").records
        guard !listed.isEmpty else { return nil }
        var unread = 0
        var items: [SectionItem] = []
        for record in listed.prefix(Limits.itemsPerPart) {
            var facts = Facts(record)
            facts.text("class", "type")
            facts.text("name", "name")
            facts.text("description", "description", as: oneLine)
            facts.text("model", "model")
            facts.text("serial", "serial")
            facts.text("manufacturer", "manufacturer")
            facts.text("hardware_revision", "revision")
            facts.text("firmware_revision", "firmware")
            facts.text("software_revision", "version")
            if let inside = record.text("contained_index").flatMap({ Int64($0) }), inside >= 0 {
                facts.set("contained_in", .integer(inside))
            }
            unread += facts.unread
            guard let index = record.text("index").flatMap({ UInt32($0) }) else {
                unread += 1
                continue
            }
            items.append(facts.item(String(index)))
        }
        return (items, unread)
    }
}

/// The ports of a device: interfaces, who is at the other end of their cables, and how many addresses lie behind them.
struct DevicePorts {
    /// Interfaces by ifIndex; nil where the document has no ports.
    private(set) var interfaces: [SectionItem]?
    private(set) var neighbours: [SectionItem] = []
    private(set) var forwarding = 0
    private(set) var left = 0
    private(set) var unread = 0

    init(_ parts: GLPIRecord, addresses: [IPAddress], deviceMAC: String?) {
        let listed = parts.objects("network_ports").records + parts.record("ports").objects("port").records
        guard !listed.isEmpty else { return }
        var items: [SectionItem] = []
        for record in listed.prefix(Limits.itemsPerPart) {
            guard let index = record.text("ifnumber").flatMap({ UInt32($0) }) else {
                left += 1
                continue
            }
            items.append(interface(record, index))
            connections(of: record, index)
        }
        left += max(0, listed.count - Limits.itemsPerPart)
        interfaces = items
    }

    private mutating func interface(_ record: GLPIRecord, _ index: UInt32) -> SectionItem {
        var facts = Facts(record)
        facts.set("name", .text(Self.name(record, index)))
        facts.text("descr", "ifdescr", as: GLPIDevice.oneLine)
        facts.text("alias", "ifalias")
        facts.text("type", "iftype") { text in Int64(text).map(InterfaceNames.type) ?? text }
        facts.text("admin", "ifinternalstatus") { text in Int64(text).map(InterfaceNames.admin) ?? text }
        facts.text("oper", "ifstatus") { text in Int64(text).map(InterfaceNames.oper) ?? text }
        facts.text("duplex", "ifportduplex") { ["2": "half", "3": "full"][$0] }
        facts.number("mtu", "ifmtu", atMost: 1 << 32)
        facts.number("speed_bps", "ifspeed")
        facts.text("mac", "mac", "ifmac") { MACAddress($0).flatMap { $0.isFiller ? nil : $0.description } }
        let stated = record.texts("ips") + record.record("ips").texts("ip") + record.texts("ip")
        let addresses = Set(stated.compactMap { IPAddress($0)?.description })
        facts.list("addresses", addresses.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        unread += facts.unread
        return facts.item(String(index))
    }

    private static func name(_ record: GLPIRecord, _ index: UInt32) -> String {
        let stated = record.text("ifname").flatMap { $0.utf8.count <= Limits.nameBytes ? $0 : nil }
        return stated ?? record.text("ifdescr").map { beginning(GLPIDevice.oneLine($0)) } ?? String(index)
    }

    /// The first 80 scalars: a description may be long, a name is not.
    private static func beginning(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(80)))
    }

    /// What LLDP or CDP says is at the other end; lists of MAC addresses are what the port forwards to.
    private mutating func connections(of port: GLPIRecord, _ index: UInt32) {
        let listed = port.objects("connections").records
        for record in listed.flatMap({ $0.has("connection") ? $0.objects("connection").records : [$0] }) {
            let mac = record.text("sysmac").flatMap { MACAddress($0)?.description }
            guard let chassis = mac ?? record.text("sysname"),
                let other = record.text("ifdescr") ?? record.text("ifname") ?? record.text("ifnumber")
            else {
                forwarding += max(1, record.count("mac"))
                continue
            }
            var facts = Facts(record)
            let local = Self.name(port, index)
            facts.set("local_port", .text(local))
            facts.set("local_ifindex", .integer(Int64(index)))
            facts.set("chassis_id", .text(chassis))
            facts.set("chassis_id_type", .text(mac == nil ? "local" : "mac"))
            facts.text("chassis_name", "sysname")
            facts.text("chassis_description", "sysdescr", as: GLPIDevice.oneLine)
            facts.set("port_id", .text(other))
            facts.text("port_description", "ifdescr")
            facts.list("management_addresses", record.texts("ip").compactMap { IPAddress($0)?.description })
            unread += facts.unread
            let key = "\(local)|\(chassis)|\(other)"
            if key.utf8.count <= Limits.valueBytes { neighbours.append(facts.item(key)) } else { unread += 1 }
        }
    }
}
