/// All inventory sources. One more is one file and one line.
public enum InventoryCatalogue {
    /// The sources in the order in which they are read.
    public static let sources: [any InventorySource.Type] = [
        SystemSource.self,
        OSSource.self,
        CPUSource.self,
        ProcessorsSource.self,
        MemorySource.self,
        MemoryModulesSource.self,
        SlotsSource.self,
        PortsSource.self,
        PowerSuppliesSource.self,
        BatteriesSource.self,
        PCISource.self,
        USBSource.self,
        GPUsSource.self,
        MonitorsSource.self,
        SoundSource.self,
        InputSource.self,
        DisksSource.self,
        PartitionsSource.self,
        VolumesSource.self,
        RAIDsSource.self,
        SwapsSource.self,
        StoragePortsSource.self,
        FilesystemsSource.self,
        InterfacesSource.self,
        NetworkSource.self,
        RoutesSource.self,
        ARPSource.self,
        UsersSource.self,
        GroupsSource.self,
        LoginsSource.self,
        JobsSource.self,
        PrintersSource.self,
        GuestsSource.self,
        CertificatesSource.self,
        PackagesSource.self,
        UnitsSource.self,
        ServicesSource.self,
        ConnectionsSource.self,
        NeighboursSource.self,
    ]

    /// The names of all sources.
    public static var names: [String] { sources.map { $0.name } }
}
