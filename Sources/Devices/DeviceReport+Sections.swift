import Model

extension DeviceReport {
    /// The report as sections of an inventory. Nothing that changes by itself (uptime, counters, readings) is in them; a
    /// part that was not read to its end is not complete.
    public func sections() -> [InventorySection] {
        guard receipt.failure == nil else { return [] }
        let sections = [
            system, interfaceSection, entitySection, neighbourSection, section(.vlans, .vlans, vlans),
            section(.forwarding, .forwarding, forwarding), section(.arp, .arp, arp),
            section(.sensors, .sensors, sensors), section(.supplies, .supplies, supplies),
            section(.storage, .volumes, volumes), section(.peers, .peers, peers),
            section(.routes, .routes, routes.defaults),
            section(.accessPoints, .accessPoints, accessPoints), guestSection,
        ]
        return sections.compactMap { $0 }
    }

    private var system: InventorySection {
        var facts = DeviceFacts()
        facts["vendor"] = vendor
        facts["os"] = os
        facts["model"] = model
        facts["version"] = version
        facts["serial"] = serial
        facts["kind"] = kind
        facts["name"] = name
        facts["description"] = description
        facts["object_id"] = objectID?.description
        facts["location"] = location
        facts["contact"] = contact
        facts["engine_id"] = engineID
        facts["lldp_chassis_id"] = lldpChassisID
        facts["bridge_address"] = bridgeAddress?.description
        let isComplete = receipt.complete.contains(.system)
        return InventorySection(name: .system, items: [facts.item("")], isComplete: isComplete)
    }

    private var interfaceSection: InventorySection? {
        guard wasRead(.interfaces) else { return nil }
        let addresses = Dictionary(grouping: self.addresses, by: \.interface)
        let items = interfaces.map { interface in
            var facts = DeviceFacts()
            facts["name"] = interface.name
            facts["descr"] = interface.descr
            facts["alias"] = interface.alias
            facts["type"] = interface.type
            facts[number: "mtu"] = interface.mtu
            facts[number: "speed_bps"] = interface.speedBitsPerSecond
            facts["mac"] = interface.mac?.description
            facts["admin"] = interface.admin
            facts["oper"] = interface.oper
            facts["duplex"] = interface.duplex
            facts[number: "aggregate_index"] = interface.aggregate.map(Int64.init)
            facts["spanning_tree"] = interface.spanningTree
            facts[number: "bridge_port"] = interface.bridgePort.map(Int64.init)
            if let designated = interface.designated, designated.bridge != bridgeAddress {
                facts["designated_bridge"] = designated.bridge.description
                facts[number: "designated_port"] = Int64(designated.port)
            }
            facts["power"] = interface.power
            facts[list: "addresses"] = (addresses[interface.index] ?? []).map(\.text)
            return facts.item(String(interface.index))
        }
        // An interface's addresses come from other tables; without them it is not known to its end.
        let isComplete =
            receipt.complete.contains(.interfaces)
            && (receipt.complete.contains(.addresses) || !wasRead(.addresses))
        return InventorySection(name: .interfaces, items: items, isComplete: isComplete)
    }

    private var entitySection: InventorySection? {
        guard wasRead(.entities) else { return nil }
        let items = entities.map { entity in
            var facts = DeviceFacts()
            facts["class"] = entity.entityClass
            facts["name"] = entity.name
            facts["description"] = entity.description
            facts["model"] = entity.model
            facts["serial"] = entity.serial
            facts["manufacturer"] = entity.manufacturer
            facts["hardware_revision"] = entity.hardwareRevision
            facts["firmware_revision"] = entity.firmwareRevision
            facts["software_revision"] = entity.softwareRevision
            facts[number: "contained_in"] = entity.containedIn.map(Int64.init)
            return facts.item(String(entity.index))
        }
        return InventorySection(name: .entities, items: items, isComplete: receipt.complete.contains(.entities))
    }

    private var neighbourSection: InventorySection? {
        guard wasRead(.neighbours) else { return nil }
        let items = neighbours.map { neighbour in
            var facts = DeviceFacts()
            facts["local_port"] = neighbour.localPort
            facts[number: "local_ifindex"] = neighbour.localInterface.map(Int64.init)
            facts["chassis_id"] = neighbour.chassisID
            facts["chassis_id_type"] = neighbour.chassisIDType
            facts["chassis_name"] = neighbour.chassisName
            facts["chassis_description"] = neighbour.chassisDescription
            facts["port_id"] = neighbour.portID
            facts["port_id_type"] = neighbour.portIDType
            facts["port_description"] = neighbour.portDescription
            facts["protocol"] = neighbour.proto
            facts["platform"] = neighbour.platform
            facts[list: "management_addresses"] = neighbour.addresses.map(\.description)
            return facts.item("\(neighbour.localPort)|\(neighbour.chassisID)|\(neighbour.portID)")
        }
        return InventorySection(name: .neighbours, items: items, isComplete: receipt.complete.contains(.neighbours))
    }

    /// Two machines that share a UUID, because one was copied from the other, are still two.
    private var guestSection: InventorySection? {
        guard wasRead(.guests) else { return nil }
        return InventorySection(
            name: .guests, items: guests.map { $0.facts.item($0.key) }.withDistinctKeys,
            isComplete: receipt.complete.contains(.guests))
    }

    /// A part whose rows are printed and sent alike; most devices have none of most of them, and that is said once: by an
    /// empty section.
    private func section(_ name: SectionName, _ part: DevicePart, _ rows: [some DeviceRow]) -> InventorySection? {
        guard wasRead(part) else { return nil }
        return InventorySection(
            name: name, items: rows.map { $0.facts.item($0.key) }, isComplete: receipt.complete.contains(part))
    }

    private func wasRead(_ part: DevicePart) -> Bool {
        receipt.complete.contains(part) || receipt.notAnswered[part] != nil
    }
}

extension DeviceAddress {
    /// `ADDRESS/PREFIX`, or the address alone where the prefix is not known.
    var text: String { prefixLength.map { "\(address)/\($0)" } ?? address.description }
}
