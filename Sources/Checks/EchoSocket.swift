import Glibc
import LinuxSystem

/// A socket for ICMP echo requests to one address: the kernel's unprivileged kind (`net.ipv4.ping_group_range`, icmp(7)),
/// else a raw one where the agent may.
package final class EchoSocket {
    private let descriptor: Int32
    private let isRaw: Bool
    private let isIPv6: Bool
    /// What tells our answers from others'.
    private let token = (0..<16).map { _ in UInt8.random(in: 0 ... .max) }
    private let identifier = UInt16.random(in: 1 ... .max)

    /// Why there is no socket.
    struct Failure: Error, CustomStringConvertible {
        var description: String
        /// Whether this host does not allow it, whatever the address.
        var isForbidden = false
    }

    /// A socket connected to the address. Throws ``Failure`` where neither kind is allowed or there is no way there.
    init(_ address: addrinfo) throws(Failure) {
        isIPv6 = address.ai_family == AF_INET6
        let way = isIPv6 ? Int32(IPPROTO_ICMPV6) : Int32(IPPROTO_ICMP)
        let flags = Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        var opened = socket(address.ai_family, Int32(SOCK_DGRAM.rawValue) | flags, way)
        var isRaw = false
        if opened < 0, errno == EACCES || errno == EPERM || errno == EPROTONOSUPPORT {
            opened = socket(address.ai_family, Int32(SOCK_RAW.rawValue) | flags, way)
            isRaw = true
        }
        guard opened >= 0 else {
            throw Failure(
                description:
                    "ICMP is not allowed (\(systemErrorText(errno))); set net.ipv4.ping_group_range to the agent's group",
                isForbidden: true)
        }
        guard connect(opened, address.ai_addr, address.ai_addrlen) == 0 else {
            let error = errno
            close(opened)
            throw Failure(description: connectionProblem(error))
        }
        descriptor = opened
        self.isRaw = isRaw
    }

    deinit { close(descriptor) }

    /// Sends request `number` and waits for its answer; nil when it came, else why not.
    func ask(_ number: UInt16, until deadline: ContinuousClock.Instant) -> String? {
        let request = request(number)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            return connectionProblem(errno)
        }
        var packet = [UInt8](repeating: 0, count: 2048)
        while waitFor(descriptor, Int16(POLLIN), until: deadline) {
            let count = recv(descriptor, &packet, packet.count, Int32(MSG_DONTWAIT))
            if count < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                // The host or a router on the way said no.
                return connectionProblem(errno)
            }
            if isAnswer(packet[..<count], to: number) { return nil }
        }
        return NumericSocket.silence
    }

    /// The request of that number of this socket.
    func request(_ number: UInt16) -> [UInt8] {
        EchoSocket.request(number, identifier: identifier, token: token, isIPv6: isIPv6)
    }

    /// Type, code, checksum, identifier, sequence number, then the token. Of the unprivileged kind and of IPv6 the kernel sets
    /// the checksum, of the former the identifier as well.
    static func request(_ number: UInt16, identifier: UInt16, token: [UInt8], isIPv6: Bool) -> [UInt8] {
        var packet: [UInt8] = [isIPv6 ? 128 : 8, 0, 0, 0]
        for word in [identifier, number] { packet += [UInt8(word >> 8), UInt8(word & 0xff)] }
        packet += token
        let sum = checksum(packet)
        (packet[2], packet[3]) = (UInt8(sum >> 8), UInt8(sum & 0xff))
        return packet
    }

    /// Whether it answers that request of this socket.
    func isAnswer(_ packet: ArraySlice<UInt8>, to number: UInt16) -> Bool {
        EchoSocket.isAnswer(packet, to: number, token: token, isRaw: isRaw, isIPv6: isIPv6)
    }

    /// Whether a packet answers the request of that number and token.
    package static func isAnswer(
        _ packet: ArraySlice<UInt8>, to number: UInt16, token: [UInt8], isRaw: Bool, isIPv6: Bool
    ) -> Bool {
        var packet = packet
        if isRaw, !isIPv6 {
            // A raw socket of IPv4 gives the IP header as well; its low four bits count words of four bytes.
            guard let first = packet.first else { return false }
            packet = packet.dropFirst(Int(first & 15) * 4)
        }
        let bytes = Array(packet.prefix(24))
        guard bytes.count == 24, bytes[0] == (isIPv6 ? 129 : 0), bytes[1] == 0 else { return false }
        return bytes[6] == UInt8(number >> 8) && bytes[7] == UInt8(number & 0xff) && bytes[8...].elementsEqual(token)
    }

    /// The internet checksum (RFC 1071) of an even number of bytes.
    static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: bytes.count - 1, by: 2) {
            sum &+= UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1])
        }
        while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
        return ~UInt16(sum)
    }
}
