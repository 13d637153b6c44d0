import Model

/// The parts inside and at the machine.
extension SectionReader {
    /// One item for each processor socket.
    static let processors = SectionReader(.processors, each: "cpus") { facts, _ in
        facts.text("manufacturer", "manufacturer")
        facts.text("model", "name")
        facts.number("cores", "core", "corecount", atMost: 1_000_000)
        facts.number("max_mhz", "speed", atMost: 1_000_000)
        facts.number("external_clock_mhz", "external_clock", atMost: 1_000_000)
        facts.text("serial", "serial")
        facts.set("is_populated", true)
        return "CPU"
    }

    /// Memory modules; sizes in MiB there.
    static let memoryModules = SectionReader(.memoryModules, each: "memories") { facts, _ in
        facts.text("locator", "caption")
        facts.number("size_bytes", "capacity", times: 1 << 20)
        facts.text("form_factor", "description")
        facts.text("type", "type")
        facts.number("speed_mts", "speed", atMost: 1_000_000)
        facts.text("manufacturer", "manufacturer")
        facts.text("serial", "serialnumber")
        facts.text("part_number", "model")
        facts.text("error_correction", "memorycorrection")
        facts.set("is_populated", .flag(facts.values["size_bytes"] != nil))
        return facts.values["locator"]?.text ?? "module"
    }

    /// Extension slots.
    static let slots = SectionReader(.slots, each: "slots") { facts, _ in
        facts.text("name", "name")
        facts.text("type", "description")
        facts.text("usage", "status") { ["used": "in use", "free": "available"][$0.lowercased()] ?? $0 }
        return facts.record.text("name") ?? facts.record.text("designation")
    }

    /// Connectors of the board and the case.
    static let ports = SectionReader(.ports, each: "ports") { facts, _ in
        facts.text("type", "type")
        facts.text("connector", "caption")
        facts.text("internal_name", "description")
        return facts.record.text("name") ?? facts.record.text("caption") ?? facts.record.text("type")
    }

    /// Power supplies.
    static let powerSupplies = SectionReader(.powerSupplies, each: "powersupplies") { facts, _ in
        facts.text("name", "name")
        facts.text("location", "location")
        facts.text("manufacturer", "manufacturer")
        facts.text("serial", "serialnumber")
        facts.text("part_number", "partnum")
        facts.number("max_watts", "power_max", atMost: 1_000_000)
        facts.flag("is_hot_replaceable", "hotreplaceable")
        facts.flag("is_plugged", "plugged")
        return facts.record.text("name") ?? facts.record.text("serialnumber") ?? "power supply"
    }

    /// Batteries. Their capacity is energy since the format is JSON; before that it was whatever the firmware said.
    static let batteries = SectionReader(.batteries, each: "batteries") { facts, content in
        facts.text("manufacturer", "manufacturer")
        facts.text("model", "name")
        facts.text("serial", "serial")
        facts.text("technology", "chemistry")
        if content.form == .json { facts.number("design_energy_mwh", "capacity", atMost: 1_000_000_000) }
        facts.number("design_voltage_mv", "voltage", atMost: 1_000_000_000)
        return facts.record.text("name") ?? facts.record.text("serial") ?? "battery"
    }

    /// PCI functions; Windows does not say where they are.
    static let pci = SectionReader(.pci, each: "controllers") { facts, _ in
        facts.text("class_id", "pciclass")
        facts.text("class", "type")
        facts.text("vendor_id", "vendorid") { $0.lowercased() }
        facts.text("device_id", "productid") { $0.lowercased() }
        facts.text("vendor", "manufacturer")
        facts.text("model", "caption", "name")
        facts.text("subsystem_id", "pcisubsystemid") { $0.lowercased() }
        facts.text("revision", "rev")
        facts.text("driver", "driver")
        if let address = facts.record.text("pcislot") { return pciAddress(address) }
        let identity = ["vendorid", "productid"].compactMap { facts.record.text($0)?.lowercased() }
        return identity.count == 2
            ? identity.joined(separator: ":") : facts.record.text("name") ?? facts.record.text("caption")
    }

    /// `0000:00:02.0`: with the domain, as the kernel writes it.
    static func pciAddress(_ text: String) -> String {
        text.utf8.count == 7 ? "0000:" + text.lowercased() : text.lowercased()
    }

    /// USB devices; where they are plugged in is not told.
    static let usb = SectionReader(.usb, each: "usbdevices") { facts, _ in
        facts.text("vendor_id", "vendorid", as: usbNumber)
        facts.text("product_id", "productid", as: usbNumber)
        facts.text("vendor", "manufacturer")
        facts.text("model", "caption", "name")
        facts.text("serial", "serial")
        let identity = ["vendor_id", "product_id"].compactMap { facts.values[$0]?.text }.joined(separator: ":")
        let serial = facts.values["serial"]?.text
        let key = serial.map { identity + " " + $0 } ?? identity
        return key.isEmpty ? facts.values["model"]?.text : key
    }

    /// `05ac` of `0x5ac`.
    private static func usbNumber(_ text: String) -> String {
        let digits = text.lowercased().utf8.drop { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "x") }
        let plain = String(decoding: Array(digits), as: UTF8.self)
        return String(repeating: "0", count: max(0, 4 - plain.utf8.count)) + plain
    }

    /// Graphics processors; their memory in MiB there.
    static let gpus = SectionReader(.gpus, each: "videos") { facts, _ in
        facts.text("model", "name", "chipset")
        facts.text("class", "chipset")
        facts.number("memory_bytes", "memory", times: 1 << 20)
        return facts.record.text("pcislot").map(pciAddress) ?? facts.values["model"]?.text
    }

    /// Monitors. `description` has week and year of the making.
    static let monitors = SectionReader(.monitors, each: "monitors") { facts, _ in
        facts.text("connector", "port")
        facts.text("manufacturer", "manufacturer")
        facts.text("model", "caption", "name")
        facts.text("serial", "serial")
        let made = (facts.record.text("description") ?? "").split(separator: "/").compactMap { Int64($0) }
        if made.count == 2, (1...53).contains(made[0]), (1990...2200).contains(made[1]) {
            facts.set("week", .integer(made[0]))
            facts.set("year", .integer(made[1]))
        }
        return facts.record.first("port", "serial", "caption", "name") ?? "monitor"
    }

    /// Sound cards.
    static let sound = SectionReader(.sound, each: "sounds") { facts, _ in
        facts.text("name", "name", "caption")
        facts.text("description", "description")
        facts.text("manufacturer", "manufacturer")
        return facts.values["name"]?.text ?? facts.values["description"]?.text
    }

    /// Keyboards, mice and the like.
    static let input = SectionReader(.input, each: "inputs") { facts, _ in
        facts.text("name", "name", "caption", "description")
        facts.text("type", "type", "pointingtype") { $0.lowercased() }
        facts.text("bus", "interface") { $0.lowercased() }
        return facts.values["name"]?.text
    }
}
