import Model

/// What the machine is: system, operating system, processor, memory, network as a whole.
extension SectionReader {
    /// Parts `bios`, `hardware` and the names in `operatingsystem`. Without the firmware's word (an agent without rights, a part of a
    /// report) it is not whole.
    static let system = SectionReader(.system, ["bios", "hardware"]) { content in
        var facts = Facts(content.record.record("bios"))
        facts.text("vendor", "smanufacturer")
        facts.text("model", "smodel")
        facts.text("serial", "ssn")
        facts.text("board_vendor", "mmanufacturer")
        facts.text("board_model", "mmodel")
        facts.text("board_serial", "msn")
        facts.text("asset_tag", "assettag")
        facts.text("bios_vendor", "bmanufacturer")
        facts.text("bios_version", "bversion")
        facts.text("bios_date", "bdate", as: GLPIDates.firmwareDay)
        facts.text("sku", "skunumber")
        facts.text("chassis_serial", "enclosureserial")
        switch content.record.record("bios").text("secure_boot") {
        case "enabled": facts.set("secure_boot", true)
        case "disabled": facts.set("secure_boot", false)
        default: break
        }
        facts.record = content.record.record("hardware")
        facts.text("hostname", "name")
        facts.text("uuid", "uuid")
        facts.text("chassis_type", "chassis_type")
        let machine = machineKind(facts.record.text("vmsystem"))
        facts.set("kind", machine.kind.map { .text($0) })
        facts.set("hypervisor", machine.hypervisor.map { .text($0) })
        // All partitions of a POWER machine tell the serial number of the whole.
        if machine.hypervisor == "phyp" { facts.rename("serial", "chassis_serial") }
        facts.record = content.record.record("operatingsystem")
        facts.text("fqdn", "fqdn")
        // Our own agent's output in this format has the machine id here; others have the 8 digits of gethostid(3), which
        // many machines share.
        facts.text("machine_id", "hostid") { $0.utf8.count == 32 ? $0 : nil }
        let isWhole = content.record.has("bios") && content.record.has("hardware")
        return Found(items: [facts.item("")], unread: facts.unread, isWhole: isWhole)
    }

    /// Our own words for what runs the machine, of GLPI's.
    private static func machineKind(_ system: String?) -> (kind: String?, hypervisor: String?) {
        guard let word = system?.lowercased(), word.utf8.count <= 64 else { return (nil, nil) }
        if word == "physical" { return ("physical", nil) }
        let containers = [
            "docker", "lxc", "podman", "kubernetes", "openvz", "virtuozzo", "bsdjail", "solariszone", "systemd-nspawn",
            "linux_vserver",
        ]
        if containers.contains(word) { return ("container", word) }
        return (
            "vm", ["qemu": "kvm", "hyperv": "hyper-v", "virtual machine": "unknown", "aix_lpar": "phyp"][word] ?? word
        )
    }

    /// Part `operatingsystem`; of older agents what `hardware` says of it.
    static let os = SectionReader(.os, ["operatingsystem", "hardware"]) { content in
        var facts = Facts(content.record.record("hardware"))
        let hasPart = content.record.has("operatingsystem")
        if !hasPart {
            facts.text("name", "osname")
            facts.text("pretty_name", "osname")
            facts.text("version", "osversion")
        }
        facts.record = content.record.record("operatingsystem")
        let zone = facts.record.record("timezone")
        facts.text("name", "name")
        facts.text("pretty_name", "full_name")
        facts.text("version", "version")
        facts.text("kernel", "kernel_version")
        facts.text("architecture", "arch")
        facts.text("service_pack", "service_pack")
        facts.text("install_date", "install_date", as: GLPIDates.day)
        facts.set(
            "boot_time",
            GLPIDates.moment(facts.record.text("boot_time"), offset: zone.text("offset")).map { .text($0) })
        facts.set("timezone", zone.text("name").flatMap { $0.utf8.count <= Limits.nameBytes ? .text($0) : nil })
        // `hardware` alone, of a newer agent's partial report, has nothing of it.
        let items = facts.values.isEmpty ? [] : [facts.item("")]
        return Found(items: items, unread: facts.unread, isWhole: hasPart || !items.isEmpty)
    }

    /// Part `cpus`, taken together.
    static let cpu = SectionReader(.cpu, ["cpus"]) { content in
        let (sockets, others) = content.record.objects("cpus")
        guard let first = sockets.first else { return Found(unread: others, isWhole: others == 0) }
        var facts = Facts(first)
        facts.text("model", "name")
        facts.text("vendor", "manufacturer")
        facts.text("family", "familynumber")
        facts.text("model_number", "model")
        facts.text("stepping", "stepping")
        facts.number("max_mhz", "speed", atMost: 1_000_000)
        facts.text("architecture", "arch")
        facts.set("sockets", .integer(Int64(sockets.count)))
        facts.set("cores", sum(sockets, "core", "corecount").map { .integer($0) })
        facts.set("threads", threads(of: sockets).map { .integer($0) })
        let os = content.record.record("operatingsystem")
        // What the processor runs now is more telling than the oldest set of instructions it knows.
        facts.record = os
        facts.text("architecture", "arch")
        return Found(items: [facts.item("")], unread: facts.unread + others, isWhole: others == 0)
    }

    /// Agents write how many threads a processor has, or how many a core has, where the schema's title is followed: these are fewer
    /// than the cores.
    private static func threads(of sockets: [GLPIRecord]) -> Int64? {
        var all: Int64 = 0
        for socket in sockets {
            guard let count = sum([socket], "thread") else { return nil }
            let cores = sum([socket], "core", "corecount") ?? 1
            all += count < cores ? count * cores : count
        }
        return all
    }

    private static func sum(_ sockets: [GLPIRecord], _ keys: String...) -> Int64? {
        var sum: Int64 = 0
        for socket in sockets {
            var facts = Facts(socket)
            for key in keys where facts.values.isEmpty { facts.number("count", key, atMost: 1_000_000) }
            guard let count = facts.values["count"]?.integer else { return nil }
            sum += count
        }
        return sum
    }

    /// `memory` and `swap` of part `hardware`, in MiB there; of older macOS agents the sum of the modules.
    static let memory = SectionReader(.memory, ["hardware", "memories"]) { content in
        var facts = Facts(content.record.record("hardware"))
        facts.number("size_bytes", "memory", times: 1 << 20)
        facts.number("swap_bytes", "swap", times: 1 << 20)
        let modules = content.record.objects("memories").records
        if !modules.isEmpty {
            var installed: Int64 = 0
            var used: Int64 = 0
            for module in modules {
                var module = Facts(module)
                module.number("size_bytes", "capacity", times: 1 << 20, atMost: 1 << 50)
                guard let size = module.values["size_bytes"]?.integer else { continue }
                let (sum, overflow) = installed.addingReportingOverflow(size)
                guard !overflow else { break }
                installed = sum
                used += 1
            }
            facts.set("slots", .integer(Int64(modules.count)))
            facts.set("slots_used", .integer(used))
            if installed > 0 {
                facts.set("installed_bytes", .integer(installed))
                if facts.values["size_bytes"] == nil { facts.set("size_bytes", .integer(installed)) }
            }
        }
        let items = facts.values.isEmpty ? [] : [facts.item("")]
        return Found(items: items, unread: facts.unread, isWhole: content.record.has("hardware"))
    }

    /// `defaultgateway` and `dns` of part `hardware`.
    static let network = SectionReader(.network, ["hardware"]) { content in
        var facts = Facts(content.record.record("hardware"))
        facts.text("default_gateway", "defaultgateway") { IPAddress($0)?.description }
        let servers = (facts.record.text("dns") ?? "").split { "/,; ".contains($0) }
        facts.list("dns_servers", servers.prefix(32).compactMap { IPAddress(String($0))?.description })
        let items = facts.values.isEmpty ? [] : [facts.item("")]
        return Found(items: items, unread: facts.unread, isWhole: !items.isEmpty)
    }
}
