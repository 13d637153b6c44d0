import Model

/// An IP socket of this network namespace (/proc/net/{tcp,tcp6,udp,udp6}, proc(5)).
public struct NetworkSocket: Hashable, Sendable {
    /// Which protocol.
    public enum Transport: String, Hashable, Sendable {
        /// TCP.
        case tcp
        /// UDP.
        case udp
    }

    /// The protocol.
    public var transport: Transport
    /// Our end.
    public var local: Endpoint
    /// The other end; unspecified address and port 0 where there is none.
    public var remote: Endpoint
    /// The kernel's state number: 1 established, 7 closed (an unconnected UDP socket), 10 listening.
    public var state: UInt8
    /// The owner's user number.
    public var user: UInt32
    /// What `/proc/PID/fd` calls it; 0 where no process holds it any more.
    public var inode: UInt64

    /// An address and a port.
    public struct Endpoint: Hashable, Sendable {
        /// The address.
        public var address: IPAddress
        /// The port.
        public var port: Int

        /// An endpoint.
        public init(address: IPAddress, port: Int) {
            self.address = address
            self.port = port
        }
    }

    /// Whether it waits for peers: a listening TCP socket, or a UDP socket bound to a port without a peer.
    public var isListening: Bool {
        switch transport {
        case .tcp: state == 10
        case .udp: state == 7 && remote.port == 0 && local.port != 0
        }
    }

    /// Whether it is an established TCP connection.
    public var isEstablished: Bool { transport == .tcp && state == 1 }

    /// All sockets, at most `limit` of each file; absent files (no IPv6) have none.
    public static func all(_ root: SystemRoot, limit: Int = 200_000) throws(SystemReadError) -> [NetworkSocket] {
        var sockets: [NetworkSocket] = []
        for (file, transport) in [("tcp", Transport.tcp), ("tcp6", .tcp), ("udp", .udp), ("udp6", .udp)] {
            do {
                let content = try root.content("/proc/net/" + file, limit: 64 << 20)
                sockets += content.lines.prefix(limit).compactMap { NetworkSocket(line: $0, transport: transport) }
            } catch {
                guard case .absent = error, file != "tcp" else { throw error }
            }
        }
        return sockets
    }

    /// Parses one line; nil for the heading and anything short or malformed.
    init?(line: ByteText, transport: Transport) {
        let fields = line.fields
        guard fields.count >= 10, let local = Endpoint(hexadecimal: fields[1]),
            let remote = Endpoint(hexadecimal: fields[2]),
            let state = fields[3].hexadecimal.flatMap(UInt8.init(exactly:)),
            let user = fields[7].count.flatMap(UInt32.init(exactly:)), let inode = fields[9].count
        else { return nil }
        self.transport = transport
        self.local = local
        self.remote = remote
        self.state = state
        self.user = user
        self.inode = inode
    }
}

extension NetworkSocket.Endpoint {
    /// Parses `0100007F:1F90`: groups of four octets in the byte order of the machine (little on all that we run on).
    fileprivate init?(hexadecimal text: ByteText) {
        guard let (address, port) = text.cut(at: UInt8(ascii: ":")), let number = port.hexadecimal, number <= 65_535,
            address.bytes.count == 8 || address.bytes.count == 32
        else { return nil }
        var octets: [UInt8] = []
        for start in stride(from: 0, to: address.bytes.count, by: 8) {
            let begin = address.bytes.startIndex + start
            guard let word = ByteText(slice: address.bytes[begin..<(begin + 8)]).hexadecimal else { return nil }
            for shift in [24, 16, 8, 0] { octets.append(UInt8(truncatingIfNeeded: word >> UInt64(24 - shift))) }
        }
        guard let parsed = IPAddress(octets: octets) else { return nil }
        self.address = parsed
        self.port = Int(number)
    }
}
