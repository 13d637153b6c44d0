/// The name of one part of an inventory: lower case, plural where it holds several items (`packages`, `interfaces`).
public struct SectionName: RawRepresentable, Hashable, Comparable, Sendable, Codable, ExpressibleByStringLiteral {
    /// The name as written on the wire and in configuration.
    public let rawValue: String

    /// The section called `rawValue`.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The section called `value`.
    public init(stringLiteral value: String) { rawValue = value }

    /// By name.
    public static func < (left: SectionName, right: SectionName) -> Bool { left.rawValue < right.rawValue }
}

/// One thing in a section, known there by its key: a package, an interface, the operating system (key `""`).
public struct SectionItem: Hashable, Sendable, Codable {
    /// What tells the item from its neighbours and stays the same while it is the same thing; `""` where a section
    /// has exactly one item.
    public var key: String
    /// The item's facts by attribute name (`version`, `size_bytes`). Never a value that changes by itself.
    public var attributes: [String: AttributeValue]

    /// An item.
    public init(key: String, attributes: [String: AttributeValue]) {
        self.key = key
        self.attributes = attributes
    }
}

/// Everything one source says about one part of one subject at one time.
///
/// Only a complete section may make things vanish.
public struct InventorySection: Hashable, Sendable, Codable {
    /// Which part this is.
    public var name: SectionName
    /// The items, sorted by key, each key once.
    public var items: [SectionItem]
    /// False when reading was cut short (time, rows, permission): what is missing is then not gone.
    public var isComplete: Bool

    /// A section; items are sorted by key, and of two items with one key the later wins.
    public init(name: SectionName, items: [SectionItem], isComplete: Bool = true) {
        self.name = name
        var byKey: [String: SectionItem] = [:]
        for item in items { byKey[item.key] = item }
        self.items = byKey.values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        self.isComplete = isComplete
    }
}

/// The names of the sections that exist so far; docs/decisions/0001 says what each holds and how the CMDB uses it.
extension SectionName {
    /// Vendor, model, serial, UUID, host name, machine id, kind of machine. One item, key `""`.
    public static let system: SectionName = "system"
    /// Operating system: name, version, kernel, architecture. One item, key `""`.
    public static let os: SectionName = "os"
    /// Processors: model, sockets, cores, threads. One item, key `""`.
    public static let cpu: SectionName = "cpu"
    /// Memory: size. One item, key `""`.
    public static let memory: SectionName = "memory"
    /// Sockets for memory with their modules, key locator and bank.
    public static let memoryModules: SectionName = "memory_modules"
    /// Processor sockets as the firmware tells them, key socket.
    public static let processors: SectionName = "processors"
    /// Slots for cards, key the firmware's name.
    public static let slots: SectionName = "slots"
    /// Connectors, key the firmware's name.
    public static let ports: SectionName = "ports"
    /// Power supplies, key name and location.
    public static let powerSupplies: SectionName = "power_supplies"
    /// Batteries, key kernel name.
    public static let batteries: SectionName = "batteries"
    /// PCI functions, key address.
    public static let pci: SectionName = "pci"
    /// USB devices, key controller, ports on the way, vendor and product.
    public static let usb: SectionName = "usb"
    /// Graphics processors, key PCI address.
    public static let gpus: SectionName = "gpus"
    /// Monitors, key connector.
    public static let monitors: SectionName = "monitors"
    /// Sound cards, key their short name.
    public static let sound: SectionName = "sound"
    /// Keyboards, mice and the like, key name and place.
    public static let input: SectionName = "input"
    /// Partitions, key kernel name.
    public static let partitions: SectionName = "partitions"
    /// Volumes of the device mapper, key their name.
    public static let volumes: SectionName = "volumes"
    /// RAID sets of the kernel, key kernel name.
    public static let raids: SectionName = "raids"
    /// Swap areas, key file or device.
    public static let swaps: SectionName = "swaps"
    /// Ports to storage networks, key world wide name or target.
    public static let storagePorts: SectionName = "storage_ports"
    /// Default gateways and name servers. One item, key `""`.
    public static let network: SectionName = "network"
    /// Routes, key destination, next hop and interface; of a device only its default routes.
    public static let routes: SectionName = "routes"
    /// MAC addresses beside the host or device, key interface (ifIndex in a device) and address.
    public static let arp: SectionName = "arp"
    /// What filters packets, key the program (`ufw`, `firewalld`, `nftables`), `nft:FAMILY:TABLE` or `iptables:TABLE`.
    public static let firewall: SectionName = "firewall"
    /// Networks of the machine's management controller, key `channel NUMBER`.
    public static let bmc: SectionName = "bmc"
    /// Local users, key name.
    public static let users: SectionName = "users"
    /// Local groups, key name.
    public static let groups: SectionName = "groups"
    /// Who is signed in, key user and terminal.
    public static let logins: SectionName = "logins"
    /// Certificates of servers, key path.
    public static let certificates: SectionName = "certificates"
    /// Virtual machines and containers of this host or device, key `libvirt:UUID`, `vmware:UUID` or `MANAGER:NAME`.
    public static let guests: SectionName = "guests"
    /// Printers of CUPS, key name.
    public static let printers: SectionName = "printers"
    /// Jobs of cron and timers, key `cron:…` or `timer:NAME`.
    public static let jobs: SectionName = "jobs"
    /// Block devices, key kernel name.
    public static let disks: SectionName = "disks"
    /// Mounted file systems, key mount point.
    public static let filesystems: SectionName = "filesystems"
    /// Network interfaces with their MAC and addresses, key interface name (`ifIndex` number in a device).
    public static let interfaces: SectionName = "interfaces"
    /// Installed packages, key `manager:name:architecture`, or the directory in place of the architecture.
    public static let packages: SectionName = "packages"
    /// systemd units, key unit name.
    public static let units: SectionName = "units"
    /// Programs that listen, key `unit:NAME` or `exe:PATH|PROTO|ADDRESS|PORT`; never a pid.
    public static let services: SectionName = "services"
    /// Live peers, key `SERVICE-KEY>PROTO|REMOTE|PORT`.
    public static let connections: SectionName = "connections"
    /// Physical entities of a device (ENTITY-MIB), key entPhysicalIndex.
    public static let entities: SectionName = "entities"
    /// LLDP, CDP and FDP neighbours of a host or device, key `LOCAL-PORT|CHASSIS|PORT`.
    public static let neighbours: SectionName = "neighbours"
    /// VLANs of a device, key number.
    public static let vlans: SectionName = "vlans"
    /// MAC addresses a device has seen and behind which port, key `VLAN|MAC`.
    public static let forwarding: SectionName = "forwarding"
    /// Sensors of a device, key the object identifier of the value.
    public static let sensors: SectionName = "sensors"
    /// What a printer uses up, key its index.
    public static let supplies: SectionName = "supplies"
    /// File systems and memory of a device, key hrStorageIndex.
    public static let storage: SectionName = "storage"
    /// Access points of a wireless controller, key what its table calls them: MAC address, serial number or name.
    public static let accessPoints: SectionName = "access_points"
    /// Routers a device speaks with or stands in for, key `PROTOCOL|ADDRESS|INTERFACE|GROUP`.
    public static let peers: SectionName = "peers"
}

extension [SectionItem] {
    /// The items, a key that was there before with ` #2`, ` #3` … behind it: two things of one name are still two.
    public var withDistinctKeys: [SectionItem] {
        var seen: [String: Int] = [:]
        return map { item in
            let count = (seen[item.key] ?? 0) + 1
            seen[item.key] = count
            return count == 1 ? item : SectionItem(key: "\(item.key) #\(count)", attributes: item.attributes)
        }
    }
}
