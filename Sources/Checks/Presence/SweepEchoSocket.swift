import Glibc
import LinuxSystem
import Model

/// One socket for ICMP echo requests to many addresses: the kernel's unprivileged kind, else a raw one where the agent may.
final class SweepEchoSocket {
    let descriptor: Int32
    private let isRaw: Bool
    private let isIPv6: Bool
    /// What tells our answers from others'; an address that was not asked does not know it.
    private let token = (0..<16).map { _ in UInt8.random(in: 0 ... .max) }
    private let identifier = UInt16.random(in: 1 ... .max)

    /// Why there is no socket.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Throws ``Failure`` where neither kind is allowed.
    init(isIPv6: Bool) throws(Failure) {
        let family = isIPv6 ? AF_INET6 : AF_INET
        let way = isIPv6 ? Int32(IPPROTO_ICMPV6) : Int32(IPPROTO_ICMP)
        let flags = Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        var opened = socket(family, Int32(SOCK_DGRAM.rawValue) | flags, way)
        var isRaw = false
        if opened < 0, errno == EACCES || errno == EPERM || errno == EPROTONOSUPPORT {
            opened = socket(family, Int32(SOCK_RAW.rawValue) | flags, way)
            isRaw = true
        }
        guard opened >= 0 else {
            throw Failure(
                description:
                    "ICMP is not allowed (\(systemErrorText(errno))); set net.ipv4.ping_group_range to the agent's group"
            )
        }
        descriptor = opened
        self.isRaw = isRaw
        self.isIPv6 = isIPv6
    }

    deinit { close(descriptor) }

    /// Sends one request. What cannot be sent is met with silence.
    func ask(_ address: IPAddress) {
        let packet = EchoSocket.request(1, identifier: identifier, token: token, isIPv6: isIPv6)
        SweepAddress.with(address, port: 0) { place, length in
            _ = sendto(descriptor, packet, packet.count, Int32(MSG_NOSIGNAL), place, length)
        }
    }

    /// The addresses whose answers wait, at most a thousand at once.
    func answers() -> [IPAddress] {
        var found: [IPAddress] = []
        var packet = [UInt8](repeating: 0, count: 2048)
        for _ in 0..<1000 {
            var place = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let count = withUnsafeMutablePointer(to: &place) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    recvfrom(descriptor, &packet, packet.count, Int32(MSG_DONTWAIT), $0, &length)
                }
            }
            guard count > 0 else { break }
            let isOurs = EchoSocket.isAnswer(
                packet[..<min(count, packet.count)], to: 1, token: token, isRaw: isRaw, isIPv6: isIPv6)
            if isOurs, let address = SweepAddress.address(place) { found.append(address) }
        }
        return found
    }
}

/// Addresses as the system's calls want them.
enum SweepAddress {
    /// Calls `body` with the address and port as a `sockaddr` and its length.
    static func with(_ address: IPAddress, port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Void) {
        if address.isIPv6 {
            var place = sockaddr_in6()
            place.sin6_family = sa_family_t(AF_INET6)
            place.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &place.sin6_addr) { $0.copyBytes(from: address.octets) }
            call(&place, body)
        } else {
            var place = sockaddr_in()
            place.sin_family = sa_family_t(AF_INET)
            place.sin_port = port.bigEndian
            withUnsafeMutableBytes(of: &place.sin_addr) { $0.copyBytes(from: address.octets) }
            call(&place, body)
        }
    }

    private static func call<Place>(_ place: inout Place, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Void) {
        withUnsafePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<Place>.size)) }
        }
    }

    /// The address in what the system filled in; nil for another family.
    static func address(_ storage: sockaddr_storage) -> IPAddress? {
        let family = Int32(storage.ss_family)
        return withUnsafeBytes(of: storage) { bytes in
            switch family {
            case AF_INET: IPAddress(octets: Array(bytes[4..<8]))
            case AF_INET6: IPAddress(octets: Array(bytes[8..<24]))
            default: nil
            }
        }
    }
}
