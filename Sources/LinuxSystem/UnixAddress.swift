import Glibc

/// The address of a unix socket in the file system (unix(7)).
public struct UnixAddress {
    private var address = sockaddr_un()
    private let length: socklen_t

    /// The address at `path`; nil when it does not fit (107 octets) or is empty.
    public init?(_ path: String) {
        let octets = Array(path.utf8)
        guard (1...107).contains(octets.count), !octets.contains(0) else { return nil }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: octets) }
        length = socklen_t(MemoryLayout<sa_family_t>.size + octets.count + 1)
    }

    /// connect(2); 0 or an error number.
    public func connect(_ descriptor: Int32) -> Int32 {
        withSocketAddress { Glibc.connect(descriptor, $0, length) == 0 ? 0 : errno }
    }

    /// bind(2); 0 or an error number.
    public func bind(_ descriptor: Int32) -> Int32 {
        withSocketAddress { Glibc.bind(descriptor, $0, length) == 0 ? 0 : errno }
    }

    private func withSocketAddress(_ body: (UnsafePointer<sockaddr>) -> Int32) -> Int32 {
        withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0) }
        }
    }
}
