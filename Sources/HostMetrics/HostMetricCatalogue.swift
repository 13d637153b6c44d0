/// Every metric there is. One more is one file and one line.
public enum HostMetricCatalogue {
    /// The metrics in the order in which they are read.
    public static let metrics: [any HostMetric.Type] = [
        CPUMetric.self,
        LoadMetric.self,
        MemoryMetric.self,
        PressureMetric.self,
        PagingMetric.self,
        DisksMetric.self,
        FilesystemsMetric.self,
        InterfacesMetric.self,
        TCPMetric.self,
        ProcessesMetric.self,
        LimitsMetric.self,
        UnitsMetric.self,
        ClockMetric.self,
        SensorsMetric.self,
        UptimeMetric.self,
        AgentMetric.self,
    ]

    /// The names of all metrics, in that order.
    public static var names: [String] { metrics.map { $0.name } }
}
