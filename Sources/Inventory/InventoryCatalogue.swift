/// All inventory sources. One more is one file and one line.
public enum InventoryCatalogue {
    /// The sources in the order in which they are read.
    public static let sources: [any InventorySource.Type] = [
        SystemSource.self,
        OSSource.self,
        CPUSource.self,
        MemorySource.self,
        DisksSource.self,
        FilesystemsSource.self,
        InterfacesSource.self,
        PackagesSource.self,
        UnitsSource.self,
        ServicesSource.self,
        ConnectionsSource.self,
        NeighboursSource.self,
    ]

    /// The names of all sources.
    public static var names: [String] { sources.map { $0.name } }
}
