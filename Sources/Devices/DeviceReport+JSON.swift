import FoundationEssentials
import Model

extension DeviceReport {
    /// The report as `probe --format json` prints it: stable keys, units in the key, `null` for what is not known.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension DeviceReport: Encodable {
    private enum Key: String, CodingKey {
        case vendor, os, model, version, serial, kind, name, description, location, contact, interfaces, addresses
        case neighbours, sensors, entities, guests, vlans, forwarding, arp, supplies, volumes, peers, routes, receipt
        case objectID = "object_id"
        case uptimeSeconds = "uptime_seconds"
        case engineID = "engine_id"
        case accessPoints = "access_points"
        case lldpChassisID = "lldp_chassis_id"
    }

    /// Writes every key of the contract.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(vendor, forKey: .vendor)
        try container.encode(os, forKey: .os)
        try container.encode(model, forKey: .model)
        try container.encode(version, forKey: .version)
        try container.encode(serial, forKey: .serial)
        try container.encode(kind, forKey: .kind)
        try container.encode(name, forKey: .name)
        try container.encode(description, forKey: .description)
        try container.encode(objectID, forKey: .objectID)
        try container.encode(location, forKey: .location)
        try container.encode(contact, forKey: .contact)
        try container.encode(uptimeSeconds, forKey: .uptimeSeconds)
        try container.encode(engineID, forKey: .engineID)
        try container.encode(lldpChassisID, forKey: .lldpChassisID)
        try container.encode(interfaces, forKey: .interfaces)
        try container.encode(addresses, forKey: .addresses)
        try container.encode(neighbours, forKey: .neighbours)
        try container.encode(entities, forKey: .entities)
        try container.encode(sensors.map(\.printed), forKey: .sensors)
        try container.encode(vlans.map(\.printed), forKey: .vlans)
        try container.encode(forwarding.map(\.printed), forKey: .forwarding)
        try container.encode(arp.map(\.printed), forKey: .arp)
        try container.encode(supplies.map(\.printed), forKey: .supplies)
        try container.encode(volumes.map(\.printed), forKey: .volumes)
        try container.encode(peers.map(\.printed), forKey: .peers)
        try container.encode(routes, forKey: .routes)
        try container.encode(accessPoints.map(\.printed), forKey: .accessPoints)
        try container.encode(guests.map(\.printed), forKey: .guests)
        try container.encode(receipt, forKey: .receipt)
    }
}

extension DeviceInterface: Encodable {
    private enum Key: String, CodingKey {
        case index, name, descr, alias, type, mtu, mac, admin, oper, duplex, power
        case aggregate = "aggregate_index"
        case spanningTree = "spanning_tree"
        case bridgePort = "bridge_port"
        case designatedBridge = "designated_bridge"
        case designatedPort = "designated_port"
        case speed = "speed_bps"
        case inOctets = "in_octets"
        case outOctets = "out_octets"
        case inErrors = "in_errors"
        case outErrors = "out_errors"
    }

    /// Writes the interface with its counters.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(index, forKey: .index)
        try container.encode(name, forKey: .name)
        try container.encode(descr, forKey: .descr)
        try container.encode(alias, forKey: .alias)
        try container.encode(type, forKey: .type)
        try container.encode(mtu, forKey: .mtu)
        try container.encode(speedBitsPerSecond, forKey: .speed)
        try container.encode(mac?.description, forKey: .mac)
        try container.encode(admin, forKey: .admin)
        try container.encode(oper, forKey: .oper)
        try container.encode(duplex, forKey: .duplex)
        try container.encode(aggregate, forKey: .aggregate)
        try container.encode(spanningTree, forKey: .spanningTree)
        try container.encode(bridgePort, forKey: .bridgePort)
        try container.encode(designated?.bridge.description, forKey: .designatedBridge)
        try container.encode(designated?.port, forKey: .designatedPort)
        try container.encode(power, forKey: .power)
        try container.encode(counters.inOctets, forKey: .inOctets)
        try container.encode(counters.outOctets, forKey: .outOctets)
        try container.encode(counters.inErrors, forKey: .inErrors)
        try container.encode(counters.outErrors, forKey: .outErrors)
    }
}

extension DeviceAddress: Encodable {
    private enum Key: String, CodingKey {
        case address
        case prefixLength = "prefix_length"
        case interface = "interface_index"
    }

    /// Writes the address.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(address.description, forKey: .address)
        try container.encode(prefixLength, forKey: .prefixLength)
        try container.encode(interface, forKey: .interface)
    }
}

extension DeviceNeighbour: Encodable {
    private enum Key: String, CodingKey {
        case localPort = "local_port"
        case localInterface = "local_ifindex"
        case chassisID = "chassis_id"
        case chassisIDType = "chassis_id_type"
        case chassisName = "chassis_name"
        case chassisDescription = "chassis_description"
        case portID = "port_id"
        case portIDType = "port_id_type"
        case portDescription = "port_description"
        case proto = "protocol"
        case addresses = "management_addresses"
        case platform
    }

    /// Writes the neighbour.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(localPort, forKey: .localPort)
        try container.encode(localInterface, forKey: .localInterface)
        try container.encode(chassisID, forKey: .chassisID)
        try container.encode(chassisIDType, forKey: .chassisIDType)
        try container.encode(chassisName, forKey: .chassisName)
        try container.encode(chassisDescription, forKey: .chassisDescription)
        try container.encode(portID, forKey: .portID)
        try container.encode(portIDType, forKey: .portIDType)
        try container.encode(portDescription, forKey: .portDescription)
        try container.encode(proto, forKey: .proto)
        try container.encode(addresses.map(\.description), forKey: .addresses)
        try container.encode(platform, forKey: .platform)
    }
}

extension DeviceEntity: Encodable {
    private enum Key: String, CodingKey {
        case index, name, description, model, serial, manufacturer
        case entityClass = "class"
        case containedIn = "contained_in"
        case hardwareRevision = "hardware_revision"
        case firmwareRevision = "firmware_revision"
        case softwareRevision = "software_revision"
    }

    /// Writes the entity.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(index, forKey: .index)
        try container.encode(containedIn, forKey: .containedIn)
        try container.encode(entityClass, forKey: .entityClass)
        try container.encode(name, forKey: .name)
        try container.encode(description, forKey: .description)
        try container.encode(model, forKey: .model)
        try container.encode(serial, forKey: .serial)
        try container.encode(manufacturer, forKey: .manufacturer)
        try container.encode(hardwareRevision, forKey: .hardwareRevision)
        try container.encode(firmwareRevision, forKey: .firmwareRevision)
        try container.encode(softwareRevision, forKey: .softwareRevision)
    }
}

extension DeviceRoutes: Encodable {
    private enum Key: String, CodingKey {
        case count
        case byProtocol = "by_protocol"
        case isCut = "is_cut"
        case defaults = "default"
    }

    /// Writes the summary.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(count, forKey: .count)
        try container.encode(byProtocol, forKey: .byProtocol)
        try container.encode(isCut, forKey: .isCut)
        try container.encode(defaults.map(\.printed), forKey: .defaults)
    }
}

extension DeviceReceipt: Encodable {
    private enum Key: String, CodingKey {
        case requests, retries, rows, seconds, failure
        case notAnswered = "not_answered"
    }

    /// Writes the receipt; `not_answered` holds `PART: REASON`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(requests, forKey: .requests)
        try container.encode(retries, forKey: .retries)
        try container.encode(rows, forKey: .rows)
        try container.encode(seconds, forKey: .seconds)
        try container.encode(failure, forKey: .failure)
        let reasons = notAnswered.map { "\($0.key.rawValue): \($0.value)" }.sorted()
        try container.encode(reasons, forKey: .notAnswered)
    }
}
