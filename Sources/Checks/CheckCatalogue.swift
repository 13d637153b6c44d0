/// Every kind of check there is. One more is one file and one line.
public enum CheckCatalogue {
    /// The kinds, by name.
    public static let kinds: [any HostCheck.Type] = [
        DNSCheck.self,
        FileCheck.self,
        HTTPCheck.self,
        LogCheck.self,
        PingCheck.self,
        PluginCheck.self,
        ProcessCheck.self,
        TCPCheck.self,
        TimeCheck.self,
        UnitCheck.self,
    ]
}
