/// What a series is about: pages show the series of one group together.
enum MetricGroup: String, CaseIterable, Sendable {
    case cpu, memory, pressure, disk, filesystem, network, process, kernel, sensor, check, agent, other

    /// The group of a metric, by the beginning of its name; the first that fits.
    init(of metric: String) {
        self = Self.beginnings.first { metric.hasPrefix($0.name) }?.group ?? .other
    }

    private static let beginnings: [(name: String, group: MetricGroup)] = [
        ("system.cpu", .cpu), ("system.memory", .memory), ("system.paging", .memory),
        ("system.linux.pressure", .pressure), ("system.disk", .disk), ("system.filesystem", .filesystem),
        ("system.network", .network), ("system.linux.tcp", .network), ("hw.network", .network), ("hw.errors", .network),
        ("system.process", .process), ("system.linux", .kernel), ("system.uptime", .kernel), ("hw.", .sensor),
        ("process.", .agent), ("dns.", .check), ("http", .check), ("ntp.", .check), ("muster.", .check),
    ]
}
