import Model

/// A VLAN (IEEE 802.1Q).
public struct DeviceVLAN: Hashable, Sendable, DeviceRow {
    /// The number, 1 to 4094.
    public var id: UInt32
    /// What it is called.
    public var name: String?
    /// ifIndex of the interfaces that send its frames, where the device tells.
    public var interfaces: [UInt32] = []
    /// Of those, the ones that send them without a tag.
    public var untagged: [UInt32] = []

    var key: String { String(id) }
    var facts: DeviceFacts {
        var facts = DeviceFacts()
        facts[number: "id"] = Int64(id)
        facts["name"] = name
        facts[list: "interfaces"] = interfaces.map { String($0) }
        facts[list: "untagged"] = untagged.map { String($0) }
        return facts
    }
}

/// An entry of the forwarding table (BRIDGE-MIB, Q-BRIDGE-MIB): behind which port a MAC address was seen.
public struct DeviceForwarding: Hashable, Sendable, DeviceRow {
    /// The VLAN, where the device keeps tables per VLAN.
    public var vlan: UInt32?
    /// The address.
    public var mac: MACAddress
    /// dot1dBasePort; 0 where the device does not know the port.
    public var port: UInt32
    /// ifIndex of the port, where the device tells.
    public var interface: UInt32?
    /// `other`, `invalid`, `learned`, `self`, `mgmt`.
    public var status: String

    var key: String { "\(vlan.map { String($0) } ?? "")|\(mac)" }
    var facts: DeviceFacts {
        var facts = DeviceFacts()
        facts[number: "vlan"] = vlan.map(Int64.init)
        facts["mac"] = mac.description
        facts[number: "port"] = Int64(port)
        facts[number: "interface_index"] = interface.map(Int64.init)
        facts["status"] = status
        return facts
    }
}

/// An entry of the ARP or neighbour table (ipNetToMediaTable, ipNetToPhysicalTable).
public struct DeviceARP: Hashable, Sendable, DeviceRow {
    /// The address.
    public var address: IPAddress
    /// Its MAC address.
    public var mac: MACAddress
    /// ifIndex of the interface.
    public var interface: UInt32
    /// `other`, `dynamic`, `static`, `local`.
    public var kind: String

    var key: String { "\(interface)|\(address)" }
    var facts: DeviceFacts {
        var facts = DeviceFacts()
        facts["address"] = address.description
        facts["mac"] = mac.description
        facts[number: "interface_index"] = Int64(interface)
        facts["kind"] = kind
        return facts
    }
}

/// Something the device measures or watches.
public struct DeviceSensor: Hashable, Sendable, DeviceRow {
    /// The instance its value was read from.
    public var oid: OID
    /// `temperature`, `voltage`, `state` …: see ``SensorTable/units``.
    public var sensorClass: String
    /// What it is called.
    public var name: String
    /// The value in the unit of its class; nil where the device tells a state in words.
    public var value: Double?
    /// What the value means, where the device's MIB tells: `ok`, `warning`, `critical`, `off`, `unknown`.
    public var state: String?
    /// The value under which the device complains.
    public var low: Double?
    /// The value over which the device complains.
    public var high: Double?

    var key: String { oid.description }
    var facts: DeviceFacts {
        var facts = DeviceFacts()
        facts["class"] = sensorClass
        facts["name"] = name
        facts["unit"] = SensorTable.units[sensorClass].flatMap { $0.isEmpty ? nil : $0 }
        facts["state"] = state
        facts[real: "low"] = low
        facts[real: "high"] = high
        return facts
    }

    func addReadings(to facts: inout DeviceFacts) {
        facts["oid"] = oid.description
        facts[real: "value"] = value
    }
}

/// What a printer uses up (Printer-MIB).
public struct DeviceSupply: Hashable, Sendable, DeviceRow {
    /// The rest of prtMarkerSuppliesIndex: device and number.
    public var index: String
    /// prtMarkerSuppliesDescription.
    public var name: String
    /// prtMarkerSuppliesType by name, else its number.
    public var kind: String
    /// The colour, in the device's words.
    public var colour: String?
    /// What it holds when new, in `unit`.
    public var capacity: Int64?
    /// What is left, in `unit`.
    public var level: Int64?
    /// prtMarkerSuppliesSupplyUnit by name, else its number.
    public var unit: String?

    var key: String { index }
    var facts: DeviceFacts {
        var facts = DeviceFacts()
        facts["name"] = name
        facts["kind"] = kind
        facts["colour"] = colour
        facts[number: "capacity"] = capacity
        facts["unit"] = unit
        return facts
    }

    func addReadings(to facts: inout DeviceFacts) { facts[number: "level"] = level }
}

/// A file system or memory (HOST-RESOURCES-MIB, UCD-SNMP-MIB).
public struct DeviceVolume: Hashable, Sendable, DeviceRow {
    /// hrStorageIndex, the path for those of UCD-SNMP-MIB, kind and index for those of a family's table.
    public var index: String
    /// What it is called, usually where it is mounted.
    public var name: String
    /// `disk`, `memory`, `virtual`, `flash`, `ram_disk`, `removable`, `network`, `floppy`, `compact_disc`, `pool`,
    /// `dataset`, `other`.
    public var kind: String
    /// How large it is.
    public var sizeBytes: Int64?
    /// How much of it is used.
    public var usedBytes: Int64?

    var key: String { index }
    var facts: DeviceFacts {
        var facts = DeviceFacts()
        facts["name"] = name
        facts["kind"] = kind
        facts[number: "size_bytes"] = sizeBytes
        return facts
    }

    func addReadings(to facts: inout DeviceFacts) { facts[number: "used_bytes"] = usedBytes }
}

/// Whom a router speaks with (OSPF-MIB, BGP4-MIB) or stands in for (CISCO-HSRP-MIB, VRRP-MIB).
public struct DevicePeer: Hashable, Sendable, DeviceRow {
    /// `ospf`, `bgp`, `hsrp`, `vrrp`.
    public var proto: String
    /// The other's address; of a group the address it stands for.
    public var address: IPAddress
    /// The other's router id, where the device tells.
    public var id: String?
    /// The other's autonomous system.
    public var autonomousSystem: Int64?
    /// The state by name, else its number.
    public var state: String
    /// ifIndex of the interface, for groups.
    public var interface: UInt32?
    /// The group's number.
    public var group: UInt32?

    var key: String { "\(proto)|\(address)|\(interface.map { String($0) } ?? "")|\(group.map { String($0) } ?? "")" }
    var facts: DeviceFacts {
        var facts = DeviceFacts()
        facts["protocol"] = proto
        facts["address"] = address.description
        facts["router_id"] = id
        facts[number: "as"] = autonomousSystem
        facts["state"] = state
        facts[number: "interface_index"] = interface.map(Int64.init)
        facts[number: "group"] = group.map(Int64.init)
        return facts
    }
}
