/// Every kind of check there is. One more is one file and one line.
public enum CheckCatalogue {
    /// The kinds, by name.
    public static let kinds: [any HostCheck.Type] = [
        FileCheck.self,
        HTTPCheck.self,
        PingCheck.self,
        ProcessCheck.self,
        TCPCheck.self,
    ]
}
