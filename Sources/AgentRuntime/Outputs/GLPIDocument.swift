import Model

/// The inventory in the format of GLPI agents (glpi-project/inventory_format).
enum GLPIDocument {
    /// The document as JSON text.
    static func text(_ document: InventoryDocument, at now: Timestamp) throws -> String {
        var root = JSONObject()
        let host = document.facts(.system).text("hostname") ?? "host"
        let stamp = now.rfc3339.prefix(19).map { "T:".contains($0) ? "-" : $0 }
        root.text("deviceid", "\(host)-\(String(stamp))")
        root.text("itemtype", "Computer")
        root.text("action", "inventory")
        root.object("content", content(document))
        return try root.value.line()
    }

    private static func content(_ document: InventoryDocument) -> JSONObject {
        var content = JSONObject()
        content.text("versionclient", "muster-agent_v\(ProductVersion.text)")
        content.object("hardware", hardware(document))
        content.object("bios", bios(document.facts(.system)))
        content.object("operatingsystem", operatingSystem(document))
        content.list("cpus", processors(document))
        func list(_ name: String, _ section: SectionName, _ item: (SectionItem) -> JSONObject?) {
            content.list(name, document.items(section).compactMap { item($0)?.value })
        }
        list("memories", .memoryModules, memory)
        list("slots", .slots, slot)
        list("ports", .ports, port)
        list("powersupplies", .powerSupplies, powerSupply)
        list("batteries", .batteries, battery)
        list("storages", .disks, disk)
        list("drives", .filesystems, filesystem)
        list("controllers", .pci, controller)
        list("usbdevices", .usb, usb)
        list("videos", .gpus, gpu)
        list("monitors", .monitors, monitor)
        list("sounds", .sound, sound)
        list("inputs", .input, input)
        let controllers = document.items(.bmc).compactMap(controllerNetwork)
        content.list(
            "networks",
            (document.items(.interfaces).flatMap { networks($0, document) } + controllers).map(\.value))
        list("firewalls", .firewall, firewall)
        list("local_users", .users, user)
        list("local_groups", .groups, group)
        list("users", .logins) { login in
            var object = JSONObject()
            object.texts(login, ["login": "user"])
            return object
        }
        list("softwares", .packages, software)
        list("firmwares", .system, firmware)
        return content
    }

    private static func hardware(_ document: InventoryDocument) -> JSONObject {
        let system = document.facts(.system)
        let memory = document.facts(.memory)
        let network = document.facts(.network)
        var object = JSONObject()
        object.texts(system, ["name": "hostname", "uuid": "uuid", "chassis_type": "chassis_type"])
        object.integer("memory", megabytes(memory.number("size_bytes")))
        object.integer("swap", megabytes(memory.number("swap_bytes")))
        object.texts(network, ["defaultgateway": "default_gateway"])
        object.text("dns", network.attributes["dns_servers"]?.list?.joined(separator: "/"))
        let kind = system.text("kind") ?? "physical"
        object.text("vmsystem", kind == "physical" ? "Physical" : system.text("hypervisor").map(hypervisor))
        return object
    }

    /// GLPI's own words for what runs the machine.
    private static func hypervisor(_ name: String) -> String {
        let names = [
            "vmware": "VMware", "virtualbox": "VirtualBox", "kvm": "QEMU", "xen": "Xen", "hyper-v": "Hyper-V",
            "docker": "Docker", "lxc": "lxc", "podman": "Podman", "parallels": "Parallels", "bochs": "QEMU",
        ]
        return names[name] ?? name
    }

    private static func bios(_ system: SectionItem) -> JSONObject {
        var object = JSONObject()
        object.texts(
            system,
            [
                "smanufacturer": "vendor", "smodel": "model", "ssn": "serial", "mmanufacturer": "board_vendor",
                "mmodel": "board_model", "msn": "board_serial", "bmanufacturer": "bios_vendor",
                "bversion": "bios_version", "assettag": "asset_tag", "skunumber": "sku",
                "enclosureserial": "chassis_serial",
            ])
        object.text("bdate", system.text("bios_date").flatMap(day))
        if let isOn = system.flag("secure_boot") {
            object.text("secure_boot", isOn ? "enabled" : "disabled")
        } else if system.text("firmware_type") == "bios" {
            object.text("secure_boot", "unsupported")
        }
        return object
    }

    private static func firmware(_ system: SectionItem) -> JSONObject? {
        guard let version = system.text("bios_version") else { return nil }
        var object = JSONObject()
        object.text("name", system.text("model"))
        object.text("type", system.text("firmware_type") ?? "bios")
        object.text("version", version)
        object.texts(system, ["manufacturer": "bios_vendor"])
        object.text("date", system.text("bios_date").flatMap(day))
        return object
    }

    private static func operatingSystem(_ document: InventoryDocument) -> JSONObject {
        let os = document.facts(.os)
        var object = JSONObject()
        object.text("kernel_name", "linux")
        object.texts(
            os,
            [
                "name": "name", "full_name": "pretty_name", "version": "version", "kernel_version": "kernel",
                "arch": "architecture",
            ])
        object.texts(document.facts(.system), ["fqdn": "fqdn", "hostid": "machine_id"])
        object.text("boot_time", os.text("boot_time").map(dateTime))
        return object
    }

    private static func software(_ package: SectionItem) -> JSONObject? {
        // What is removed but has left its configuration is no software any more.
        guard package.text("state") != "config-files" else { return nil }
        var object = JSONObject()
        object.texts(
            package,
            ["name": "name", "version": "version", "arch": "architecture", "publisher": "vendor", "folder": "path"])
        object.text("from", package.key.split(separator: ":").first.map(String.init))
        object.integer("filesize", package.number("size_bytes"))
        object.text("install_date", package.text("install_date").map(dateTime))
        return object
    }
}
