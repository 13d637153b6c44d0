import FoundationEssentials
import Glibc
import HostMetrics
import Inventory
import LinuxSystem
import Model
import Testing

/// The large tree of /proc and /sys with the values that another program reads there.
@Suite("A recorded tree of /proc and /sys", .enabled(if: Corpus.isPresent, Comment(rawValue: Corpus.notice)))
struct CorpusFixtureTests {
    /// One line of the expectation: a name, labels and a value.
    private struct Metric {
        var name: String
        var labels: [String: String] = [:]
        var value: Double

        init?(_ line: Substring) {
            guard !line.hasPrefix("#"), let space = line.lastIndex(of: " "),
                let value = Double(line[line.index(after: space)...])
            else { return nil }
            self.value = value
            let head = line[..<space]
            let open = head.firstIndex(of: "{") ?? head.endIndex
            name = String(head[..<open])
            for part in head[open...].dropFirst().dropLast().split(separator: "\",") {
                let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
                if pair.count == 2 { labels[pair[0]] = String(pair[1].filter { $0 != "\"" }) }
            }
        }
    }

    private func items(_ machine: RecordedMachine, _ source: some InventorySource) -> [String: [String: AttributeValue]]
    {
        switch try? machine.read(source) {
        case .success(let sections), .partial(let sections, _):
            Dictionary((sections.first?.items ?? []).map { ($0.key, $0.attributes) }) { left, _ in left }
        default: [:]
        }
    }

    @Test("firmware, processor, memory, interfaces, RAID and storage ports are as another reader finds them")
    func fixture() throws {
        let machine = RecordedMachine()
        try #require(Corpus.unpack("procsys/node_exporter-fixture.tar.gz", into: machine))
        let packed = "\(Corpus.path)/hosts/procsys/node_exporter-fixture.expected-metrics.txt.gz"
        try #require(system("gzip -dc '\(packed)' > '\(machine.path)/expected.txt'") == 0)
        let text = try machine.root.text("/expected.txt", limit: 8 << 20)
        let metrics = text.split(separator: "\n").compactMap { Metric($0) }
        var share = Share()
        compareFirmware(metrics, machine, &share)
        compareProcessor(metrics, machine, &share)
        compareNetwork(metrics, machine, &share)
        compareStorage(metrics, machine, &share)
        compareMeasured(metrics, machine, &share)
        print("/proc and /sys: \(share.right) of \(share.all) facts")
        #expect(share.all > 100)
        #expect(share.wrong == [])
    }

    private func compareFirmware(_ metrics: [Metric], _ machine: RecordedMachine, _ share: inout Share) {
        let names = [
            "bios_date": "bios_date", "bios_vendor": "bios_vendor", "bios_version": "bios_version",
            "board_name": "board_model", "board_serial": "board_serial", "board_vendor": "board_vendor",
            "board_version": "board_version", "chassis_serial": "chassis_serial", "chassis_vendor": "chassis_vendor",
            "product_family": "family", "product_name": "model", "product_serial": "serial", "product_sku": "sku",
            "product_uuid": "uuid", "system_vendor": "vendor",
        ]
        let system = items(machine, SystemSource())[""] ?? [:]
        for metric in metrics where metric.name == "node_dmi_info" {
            for (label, fact) in names { share.compare(label, system[fact]?.display, metric.labels[label]) }
        }
        let os = items(machine, OSSource())[""] ?? [:]
        for metric in metrics where metric.name == "node_os_info" {
            for (label, fact) in ["id": "id", "name": "name", "version_id": "version", "pretty_name": "pretty_name"] {
                share.compare("os \(label)", os[fact]?.display, metric.labels[label])
            }
        }
    }

    private func compareProcessor(_ metrics: [Metric], _ machine: RecordedMachine, _ share: inout Share) {
        let cpu = items(machine, CPUSource())[""] ?? [:]
        let names = [
            "family": "family", "microcode": "microcode", "model": "model_number", "model_name": "model",
            "stepping": "stepping", "vendor": "vendor",
        ]
        for metric in metrics where metric.name == "node_cpu_info" && metric.labels["cpu"] == "0" {
            for (label, fact) in names { share.compare("cpu \(label)", cpu[fact]?.display, metric.labels[label]) }
        }
        let memory = items(machine, MemorySource())[""] ?? [:]
        for (name, fact) in [
            ("node_memory_MemTotal_bytes", "size_bytes"), ("node_memory_SwapTotal_bytes", "swap_bytes"),
        ] {
            for metric in metrics where metric.name == name {
                share.compare(name, memory[fact]?.display, "\(Int64(metric.value))")
            }
        }
    }

    private func compareNetwork(_ metrics: [Metric], _ machine: RecordedMachine, _ share: inout Share) {
        let interfaces = items(machine, InterfacesSource())
        for metric in metrics where metric.name == "node_network_info" {
            guard let name = metric.labels["device"], let facts = interfaces[name] else { continue }
            share.compare("\(name) address", facts["mac"]?.text, metric.labels["address"])
            share.compare("\(name) duplex", facts["duplex"]?.text, metric.labels["duplex"])
            share.compare("\(name) alias", facts["alias"]?.text, metric.labels["ifalias"])
            share.compare("\(name) state", facts["state"]?.text, metric.labels["operstate"] == "up" ? "up" : "down")
        }
        for metric in metrics where metric.name == "node_bonding_slaves" {
            guard let name = metric.labels["master"] else { continue }
            let count = interfaces[name]?["members"]?.list?.count ?? 0
            share.compare("\(name) members", "\(count)", "\(Int(metric.value))")
        }
        for metric in metrics where metric.name == "node_network_mtu_bytes" {
            guard let name = metric.labels["device"], let facts = interfaces[name] else { continue }
            share.compare("\(name) mtu", facts["mtu"]?.display, "\(Int(metric.value))")
        }
        let arp = items(machine, ARPSource()).values
        for metric in metrics where metric.name == "node_arp_entries" {
            let count = arp.count { $0["interface"]?.text == metric.labels["device"] }
            share.compare("arp \(metric.labels["device"] ?? "")", "\(count)", "\(Int(metric.value))")
        }
    }

    private func compareStorage(_ metrics: [Metric], _ machine: RecordedMachine, _ share: inout Share) {
        let raids = items(machine, RAIDsSource())
        for metric in metrics where metric.name == "node_md_disks_required" || metric.name == "node_md_blocks" {
            // The tree has other sets of three names in sysfs than in mdstat, from which the expectation comes.
            guard let name = metric.labels["device"],
                !["md4", "md6", "md10"].contains(name) || metric.name == "node_md_blocks"
            else { continue }
            let isSize = metric.name == "node_md_blocks"
            let found = raids[name]?[isSize ? "size_bytes" : "disks"]?.integer ?? 0
            share.compare("\(name) \(metric.name)", "\(isSize ? found >> 10 : found)", "\(Int64(metric.value))")
        }
        let ports = items(machine, StoragePortsSource())
        for metric in metrics where metric.name == "node_fibrechannel_info" && metric.labels["port_name"] != "" {
            let name = metric.labels["port_name"] ?? ""
            let facts = ports.values.first { $0["wwn"]?.text.map { $0.filter { $0 != ":" } } == name }
            share.compare("\(name) state", facts?["state"]?.text, metric.labels["port_state"]?.lowercased())
            share.compare("\(name) speed", facts?["speed"]?.text, metric.labels["speed"])
        }
        for metric in metrics where metric.name == "node_infiniband_info" {
            let name = metric.labels["device"] ?? ""
            let facts = ports.first { $0.key.hasPrefix(name + "/") }?.value
            share.compare("\(name) firmware", facts?["firmware"]?.text, metric.labels["firmware_version"])
            share.compare("\(name) board", facts?["description"]?.text, metric.labels["board_id"])
        }
    }

    private func compareMeasured(_ metrics: [Metric], _ machine: RecordedMachine, _ share: inout Share) {
        var runner = HostMetricRunner()
        let samples = runner.read(root: machine.root).samples
        func found(_ metric: String, _ attributes: [String: String]) -> Double? {
            samples.first { $0.series == SeriesName(metric, attributes) }?.value
        }
        for metric in metrics {
            guard let (name, attributes) = Self.measured(metric) else { continue }
            share.compare(
                "\(metric.name) \(metric.labels)", found(name, attributes).map(Self.rounded), Self.rounded(metric.value)
            )
        }
        let fans = metrics.filter { $0.name == "node_hwmon_fan_rpm" }
        let limits = metrics.filter { $0.name == "node_hwmon_temp_crit_celsius" }
        let temperatures = metrics.filter { $0.name == "node_hwmon_temp_celsius" }
        for (metric, expected) in [
            ("hw.fan.speed", fans), ("hw.temperature.limit", limits), ("hw.temperature", temperatures),
            ("hw.voltage", metrics.filter { $0.name == "node_hwmon_in_volts" }),
        ] {
            let values = samples.filter { $0.series.metric == metric }.map(\.value).sorted()
            share.compare(metric, "\(values)", "\(expected.map(\.value).sorted())")
        }
    }

    /// To a millionth: both add up parts that are no powers of two.
    private static func rounded(_ value: Double) -> String { "\((value * 1e6).rounded() / 1e6)" }

    /// Where a value of the other reader stands with us; nil for those that are not measured or stand elsewhere.
    private static func measured(_ metric: Metric) -> (name: String, attributes: [String: String])? {
        let disk = metric.labels["device"] ?? ""
        // Of the disks that were counted the recorded /sys knows one that is not made of others.
        let isDisk = disk == "sda"
        return switch metric.name {
        case "node_disk_io_time_seconds_total" where isDisk: ("system.disk.io_time", ["system.device": disk])
        case "node_disk_read_bytes_total" where isDisk: ("system.disk.io", way(disk, "read"))
        case "node_disk_written_bytes_total" where isDisk: ("system.disk.io", way(disk, "write"))
        case "node_disk_reads_completed_total" where isDisk: ("system.disk.operations", way(disk, "read"))
        case "node_disk_writes_completed_total" where isDisk: ("system.disk.operations", way(disk, "write"))
        case "node_disk_read_time_seconds_total" where isDisk: ("system.disk.operation_time", way(disk, "read"))
        case "node_disk_write_time_seconds_total" where isDisk: ("system.disk.operation_time", way(disk, "write"))
        case "node_forks_total": ("system.process.created", [:])
        case "node_procs_running": ("system.process.count", ["process.status": "running"])
        case "node_procs_blocked": ("system.process.count", ["process.status": "blocked"])
        case "node_netstat_Tcp_InSegs": ("system.linux.tcp.segments", ["network.io.direction": "receive"])
        case "node_netstat_Tcp_OutSegs": ("system.linux.tcp.segments", ["network.io.direction": "transmit"])
        case "node_netstat_Tcp_RetransSegs": ("system.linux.tcp.retransmits", [:])
        case "node_netstat_TcpExt_ListenOverflows": ("system.linux.tcp.listen.overflows", [:])
        case "node_sockstat_TCP_tw": ("system.network.connection.count", connections("time_wait"))
        case "node_netstat_Tcp_CurrEstab": ("system.network.connection.count", connections("established"))
        case "node_vmstat_pgmajfault": ("system.paging.faults", ["system.paging.fault.type": "major"])
        case "node_vmstat_pswpin": ("system.paging.operations", ["system.paging.direction": "in"])
        case "node_vmstat_pswpout": ("system.paging.operations", ["system.paging.direction": "out"])
        case "node_pressure_cpu_waiting_seconds_total": ("system.linux.pressure.time", stall("cpu", "some"))
        case "node_pressure_io_waiting_seconds_total": ("system.linux.pressure.time", stall("io", "some"))
        case "node_pressure_io_stalled_seconds_total": ("system.linux.pressure.time", stall("io", "full"))
        case "node_pressure_memory_waiting_seconds_total": ("system.linux.pressure.time", stall("memory", "some"))
        case "node_pressure_memory_stalled_seconds_total": ("system.linux.pressure.time", stall("memory", "full"))
        default: nil
        }
    }

    private static func way(_ disk: String, _ direction: String) -> [String: String] {
        ["system.device": disk, "disk.io.direction": direction]
    }

    private static func connections(_ state: String) -> [String: String] {
        ["network.transport": "tcp", "network.connection.state": state]
    }

    private static func stall(_ resource: String, _ kind: String) -> [String: String] {
        ["system.linux.pressure.resource": resource, "system.linux.pressure.kind": kind]
    }
}
