import Model

// The parts of the machine in the words of GLPI's format: sizes in MB of 2^20 bytes, numbers as texts where it says so.
extension GLPIDocument {
    static func processors(_ document: InventoryDocument) -> [JSONValue] {
        let cpu = document.facts(.cpu)
        let architectures = [
            "x86_64": "x86_64", "i686": "i686", "i586": "i586", "i386": "i386", "aarch64": "aarch64", "armv7l": "arm",
            "ppc64le": "powerpc64", "ppc64": "powerpc64", "ppc": "powerpc", "mips": "mips", "mips64": "mips64",
            "sparc64": "sparc64",
        ]
        // The firmware knows each socket; without it all sockets are alike.
        let sockets = document.items(.processors).filter { $0.flag("is_populated") ?? false }
        let count = max(1, min(1024, Int(clamping: cpu.number("sockets") ?? 1)))
        let sources: [SectionItem?] = sockets.isEmpty ? Array(repeating: nil, count: count) : sockets
        return sources.map { socket in
            var object = JSONObject()
            object.text("name", cpu.text("model") ?? socket?.text("model"))
            object.text("manufacturer", cpu.text("vendor") ?? socket?.text("manufacturer"))
            object.text("arch", cpu.text("architecture").flatMap { architectures[$0] })
            object.texts(cpu, ["familynumber": "family", "model": "model_number"])
            object.integer("stepping", cpu.text("stepping").flatMap { Int64($0) })
            object.integer("core", socket?.number("cores") ?? cpu.number("cores_per_socket"))
            let threads = cpu.number("threads_per_core")
            object.integer("thread", threads ?? 1)
            object.integer("speed", socket?.number("max_mhz"))
            object.integer("external_clock", socket?.number("external_clock_mhz"))
            object.text("serial", socket?.text("serial"))
            return object.value
        }
    }

    static func memory(_ module: SectionItem) -> JSONObject? {
        var object = JSONObject()
        object.integer("capacity", megabytes(module.number("size_bytes")))
        object.texts(
            module,
            [
                "caption": "locator", "description": "form_factor", "manufacturer": "manufacturer",
                "serialnumber": "serial", "model": "part_number", "speed": "speed_mts", "type": "type",
                "memorycorrection": "error_correction",
            ])
        return object
    }

    static func slot(_ slot: SectionItem) -> JSONObject? {
        var object = JSONObject()
        object.texts(slot, ["name": "name", "description": "type", "designation": "pci_address"])
        object.text("status", ["in use": "used", "available": "free"][slot.text("usage") ?? ""])
        return object
    }

    static func port(_ port: SectionItem) -> JSONObject? {
        var object = JSONObject()
        object.text("name", port.key)
        object.text("type", port.text("type") ?? "other")
        object.texts(port, ["caption": "connector", "description": "internal_name"])
        return object
    }

    static func powerSupply(_ supply: SectionItem) -> JSONObject? {
        var object = JSONObject()
        object.texts(
            supply,
            [
                "name": "name", "serialnumber": "serial", "manufacturer": "manufacturer", "partnum": "part_number",
                "location": "location",
            ])
        object.integer("power_max", supply.number("max_watts"))
        object.flag("hotreplaceable", supply.flag("is_hot_replaceable"))
        object.flag("plugged", supply.flag("is_plugged"))
        return object
    }

    static func battery(_ battery: SectionItem) -> JSONObject? {
        var object = JSONObject()
        object.texts(
            battery, ["name": "model", "manufacturer": "manufacturer", "serial": "serial", "chemistry": "technology"])
        let design = battery.number("design_energy_mwh")
        object.integer("capacity", design)
        if let design, let percent = battery.number("health_percent"), (0...200).contains(percent),
            (0..<1 << 40).contains(design)
        {
            object.integer("real_capacity", design * percent / 100)
        }
        object.integer("voltage", battery.number("design_voltage_mv"))
        return object
    }

    static func disk(_ disk: SectionItem) -> JSONObject? {
        // Mappings and sets stand on disks that are in the list themselves.
        guard disk.text("transport") != "virtual" else { return nil }
        var object = JSONObject()
        object.text("name", disk.key)
        object.integer("disksize", megabytes(disk.number("size_bytes")))
        object.texts(
            disk,
            [
                "model": "model", "manufacturer": "vendor", "serial": "serial", "firmware": "firmware",
                "interface": "transport", "wwn": "wwn",
            ])
        object.text("type", disk.flag("removable") == true ? "removable" : "disk")
        return object
    }

    static func filesystem(_ filesystem: SectionItem) -> JSONObject? {
        var object = JSONObject()
        object.text("type", filesystem.key)
        object.texts(filesystem, ["volumn": "device", "filesystem": "type"])
        object.integer("total", megabytes(filesystem.number("size_bytes")))
        return object
    }

    static func controller(_ function: SectionItem) -> JSONObject? {
        var object = JSONObject()
        object.text("pcislot", function.key)
        object.text("pciclass", function.text("class_id").map { String($0.prefix(4)) })
        object.text("name", function.text("model") ?? function.text("class") ?? function.key)
        object.texts(
            function,
            [
                "caption": "model", "type": "class", "manufacturer": "vendor", "vendorid": "vendor_id",
                "productid": "device_id", "pcisubsystemid": "subsystem_id", "rev": "revision", "driver": "driver",
            ])
        return object
    }

    static func usb(_ device: SectionItem) -> JSONObject? {
        var object = JSONObject()
        object.texts(
            device,
            [
                "name": "model", "caption": "model", "manufacturer": "vendor", "vendorid": "vendor_id",
                "productid": "product_id", "serial": "serial", "class": "class_id",
            ])
        return object
    }

    static func gpu(_ gpu: SectionItem) -> JSONObject? {
        var object = JSONObject()
        object.text("pcislot", gpu.key)
        object.texts(gpu, ["name": "model", "chipset": "class"])
        object.integer("memory", megabytes(gpu.number("memory_bytes")))
        return object
    }

    static func monitor(_ monitor: SectionItem) -> JSONObject? {
        var object = JSONObject()
        object.texts(
            monitor,
            [
                "caption": "model", "name": "model", "manufacturer": "manufacturer", "serial": "serial",
                "port": "connector",
            ])
        if let year = monitor.number("year") {
            object.text("description", (monitor.number("week").map { "\($0)/" } ?? "") + "\(year)")
        }
        return object
    }

    static func sound(_ card: SectionItem) -> JSONObject? {
        var object = JSONObject()
        object.texts(card, ["name": "name", "caption": "name", "description": "description"])
        return object
    }

    static func input(_ device: SectionItem) -> JSONObject? {
        var object = JSONObject()
        object.texts(device, ["name": "name", "caption": "name", "type": "type", "interface": "bus"])
        return object
    }

    static func user(_ user: SectionItem) -> JSONObject? {
        var object = JSONObject()
        object.text("login", user.key)
        object.text("id", user.attributes["uid"]?.display)
        object.texts(user, ["name": "full_name", "home": "home", "shell": "shell"])
        return object
    }

    static func group(_ group: SectionItem) -> JSONObject? {
        var object = JSONObject()
        object.text("name", group.key)
        object.text("id", group.attributes["gid"]?.display)
        object.list("members", group.attributes["members"]?.list?.map { .text($0) } ?? [])
        return object
    }

    /// One entry for each address, or one without.
    static func networks(_ interface: SectionItem, _ document: InventoryDocument) -> [JSONObject] {
        let types = [
            "ethernet": "ethernet", "wireless": "wifi", "infiniband": "infiniband", "bond": "aggregate",
            "loopback": "loopback", "bridge": "bridge",
        ]
        var object = JSONObject()
        object.text("description", interface.key)
        object.texts(interface, ["mac": "mac", "driver": "driver", "pcislot": "pci_address", "speed": "speed_mbps"])
        object.text("type", interface.text("type").flatMap { types[$0] })
        object.texts(interface, ["wifi_ssid": "wireless_network", "wifi_mode": "wireless_mode"])
        object.text("status", interface.text("state"))
        object.integer("mtu", interface.number("mtu"))
        object.flag("virtualdev", interface.text("pci_address") == nil && interface.text("driver") == nil)
        object.text("slaves", interface.attributes["members"]?.list?.joined(separator: ","))
        let addresses = interface.attributes["addresses"]?.list ?? []
        guard !addresses.isEmpty else { return [object] }
        return addresses.prefix(1000).map { text in
            var entry = object
            let address = text.split(separator: "/").first.map(String.init)
            entry.text(text.contains(":") ? "ipaddress6" : "ipaddress", address)
            return entry
        }
    }

    /// The management controller's own interface, as one of the machine's.
    static func controllerNetwork(_ channel: SectionItem) -> JSONObject? {
        var object = JSONObject()
        object.text("description", "bmc")
        object.flag("management", true)
        object.texts(
            channel,
            [
                "ipaddress": "address", "ipmask": "netmask", "ipgateway": "gateway", "mac": "mac",
                "firmware": "firmware",
            ])
        return object
    }

    static func firewall(_ part: SectionItem) -> JSONObject? {
        guard let isOn = part.flag("enabled") else { return nil }
        var object = JSONObject()
        object.text("profile", part.key)
        object.text("status", isOn ? "on" : "off")
        return object
    }

    static func megabytes(_ bytes: Int64?) -> Int64? { bytes.map { $0 >> 20 } }

    /// `2026-11-23 21:55:12` of an RFC 3339 time.
    static func dateTime(_ text: String) -> String {
        String(text.prefix(19).map { $0 == "T" ? " " : $0 })
    }

    /// `2019-01-16` of the firmware's `01/16/2019`; nil for any other form.
    static func day(_ text: String) -> String? {
        let parts = text.split(separator: "/")
        guard parts.count == 3, parts[0].utf8.count == 2, parts[1].utf8.count == 2, parts[2].utf8.count == 4,
            parts.joined().utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        return "\(parts[2])-\(parts[0])-\(parts[1])"
    }
}
