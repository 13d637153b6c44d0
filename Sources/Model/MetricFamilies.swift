/// Every metric name that agents measure on hosts and devices. A new one is one line here.
public enum MetricFamilies {
    /// All of them, in the order in which people look at them.
    public static let all: [MetricFamily] = [
        MetricFamily("system.cpu.utilization", .ratio, "Share of processor time since the reading before"),
        MetricFamily("system.cpu.load_average.1m", .count, "Tasks that run or wait, mean of 1 minute"),
        MetricFamily("system.cpu.load_average.5m", .count, "Tasks that run or wait, mean of 5 minutes"),
        MetricFamily("system.cpu.load_average.15m", .count, "Tasks that run or wait, mean of 15 minutes"),
        MetricFamily("system.memory.utilization", .ratio, "Share of the memory by state"),
        MetricFamily("system.memory.usage", .bytes, "Memory by state"),
        MetricFamily("system.paging.utilization", .ratio, "Share of the swap space in use"),
        MetricFamily("system.paging.usage", .bytes, "Swap space in use"),
        MetricFamily("system.paging.operations", .count, isCounter: true, "Pages read from and written to swap space"),
        MetricFamily(
            "system.paging.faults", .count, isCounter: true, "Page faults by type; major ones wait for a disk"),
        MetricFamily(
            "system.linux.pressure.utilization", .ratio, "Share of time in which tasks waited, mean of 60 seconds"),
        MetricFamily("system.linux.pressure.time", .seconds, isCounter: true, "Time in which tasks waited"),
        MetricFamily("system.filesystem.utilization", .ratio, "Share of a file system in use"),
        MetricFamily("system.filesystem.usage", .bytes, "Room in a file system by state"),
        MetricFamily("system.filesystem.inodes.utilization", .ratio, "Share of a file system's inodes in use"),
        MetricFamily("system.disk.io", .bytes, isCounter: true, "Bytes read from and written to a disk"),
        MetricFamily("system.disk.operations", .count, isCounter: true, "Reads and writes of a disk"),
        MetricFamily(
            "system.disk.operation_time", .seconds, isCounter: true, "Time that reads and writes took, added up"),
        MetricFamily("system.disk.io_time", .seconds, isCounter: true, "Time in which a disk was busy"),
        MetricFamily("system.network.io", .bytes, isCounter: true, "Bytes that an interface carried"),
        MetricFamily("system.network.errors", .count, isCounter: true, "Packets of an interface with errors"),
        MetricFamily("system.network.dropped", .count, isCounter: true, "Packets of an interface dropped"),
        MetricFamily("system.network.connection.count", .count, "Connections by transport and state"),
        MetricFamily("system.linux.tcp.segments", .count, isCounter: true, "TCP segments by direction"),
        MetricFamily("system.linux.tcp.retransmits", .count, isCounter: true, "TCP segments sent again"),
        MetricFamily("system.linux.tcp.resets", .count, isCounter: true, "TCP connections that were reset"),
        MetricFamily(
            "system.linux.tcp.listen.overflows", .count, isCounter: true,
            "Connections refused because a listener did not keep up"),
        MetricFamily("system.process.count", .count, "Processes; by status those that run or wait for a disk"),
        MetricFamily("system.process.created", .count, isCounter: true, "Processes and threads created"),
        MetricFamily("system.linux.limit.utilization", .ratio, "Share in use of what the kernel allows"),
        MetricFamily("system.linux.clock.offset", .seconds, "What the clock is still to be corrected by"),
        MetricFamily("system.linux.clock.max_error", .seconds, "How far the clock may be off at most"),
        MetricFamily("system.linux.clock.synchronized", .ratio, "1 while something keeps the clock right, else 0"),
        MetricFamily("system.linux.unit.count", .count, "Units of systemd, all that are loaded and those that failed"),
        MetricFamily("system.linux.unit.jobs", .count, "Jobs of systemd that wait or run"),
        MetricFamily("dns.lookup.duration", .seconds, "Time until a name server answered"),
        MetricFamily("http.client.request.duration", .seconds, "Time until an HTTP answer was whole"),
        MetricFamily("httpcheck.tls.cert_remaining", .seconds, "Time until a server's certificate ends"),
        MetricFamily("ntp.time.offset", .seconds, "How far the clock is behind a time server"),
        MetricFamily("ntp.time.delay", .seconds, "Time that a question to a time server and its answer took"),
        MetricFamily("ntp.stratum", .count, "How many time servers stand between a time server and its clock"),
        MetricFamily("muster.log.matches", .count, "Lines of a log that a check looks for, in its time"),
        MetricFamily("muster.log.missed", .count, "Lines of a log that came faster than a check reads them"),
        MetricFamily("muster.plugin.value", .count, "A number that a plug-in printed"),
        MetricFamily("muster.plugin.ratio", .ratio, "A share that a plug-in printed"),
        MetricFamily("muster.plugin.time", .seconds, "A time that a plug-in printed"),
        MetricFamily("muster.plugin.size", .bytes, "A size that a plug-in printed"),
        MetricFamily("muster.plugin.counter", .count, isCounter: true, "A count without end that a plug-in printed"),
        MetricFamily("system.uptime", .seconds, "Time since the machine started"),
        MetricFamily("hw.temperature", .celsius, "Temperature at a sensor"),
        MetricFamily("hw.temperature.limit", .celsius, "Temperature that a sensor calls too high, by type"),
        MetricFamily("hw.fan.speed", .turns, "Speed of a fan"),
        MetricFamily("hw.voltage", .volts, "Voltage at a sensor"),
        MetricFamily("hw.current", .amperes, "Current at a sensor"),
        MetricFamily("hw.power", .watts, "Power at a sensor"),
        MetricFamily("hw.network.up", .count, "Whether an interface of a device has its link, 1 or 0"),
        MetricFamily(
            "muster.sensor.state", .count, "What a device calls the state of a sensor: 0 ok, 1 warning, 2 critical"),
        MetricFamily("muster.sensor.value", .count, "Reading of a sensor of a device, by class"),
        MetricFamily("muster.device.reachable", .count, "Whether a device answers, 1 or 0, by SNMP and by ICMP"),
        MetricFamily("muster.device.response_time", .seconds, "How long a device took to answer"),
        MetricFamily("hw.network.io", .bytes, isCounter: true, "Bytes that an interface of a device carried"),
        MetricFamily("hw.errors", .count, isCounter: true, "Packets with errors on an interface of a device"),
        MetricFamily("process.cpu.time", .seconds, isCounter: true, "Processor time of a process"),
        MetricFamily("process.memory.usage", .bytes, "Resident memory of a process"),
        MetricFamily("process.open_file_descriptor.count", .count, "Open files of a process"),
    ]

    private static let places = Dictionary(all.enumerated().map { ($1.name, $0) }) { first, _ in first }

    /// The family of a metric name; nil where none is known.
    public static func named(_ name: String) -> MetricFamily? { places[name].map { all[$0] } }

    /// Where a metric stands among all; those that are not known come last.
    public static func place(of name: String) -> Int { places[name] ?? all.count }
}
