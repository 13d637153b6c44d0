import Foundation
import Glibc
import Model

/// net-snmp's own senders of traps and informs.
public enum TrapTools {
    /// Where they are; nil on a machine without them.
    public static let directory: String? = ["/usr/bin", "/usr/local/bin"].first {
        FileManager.default.isExecutableFile(atPath: $0 + "/snmptrap")
    }

    /// Runs `snmptrap` with these arguments and waits for it; its exit status.
    public static func trap(_ arguments: [String]) throws -> Int32 { try run("snmptrap", arguments) }

    /// Runs `snmpinform`, which fails where the inform is not answered.
    public static func inform(_ arguments: [String]) throws -> Int32 { try run("snmpinform", arguments) }

    private static func run(_ program: String, _ arguments: [String]) throws -> Int32 {
        guard let directory else { return -1 }
        let state = try temporaryDirectory()
        defer { try? FileManager.default.removeItem(at: state) }
        let child = Child(
            directory + "/" + program, arguments, environment: ["SNMP_PERSISTENT_DIR": state.path, "MIBS": ""])
        return child?.wait() ?? -1
    }
}

/// Sends datagrams from an address of this host.
public final class DatagramSender {
    private let descriptor: Int32
    private let port: UInt16

    /// A sender to `port` of 127.0.0.1; nil where the address cannot be had.
    public init?(from address: IPAddress, to port: UInt16) {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        self.port = port
        var own = Self.place(address, 0)
        let result = withUnsafePointer(to: &own) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard descriptor >= 0, result == 0 else { return nil }
    }

    deinit { close(descriptor) }

    /// Sends one datagram; false when the system refused.
    @discardableResult
    public func send(_ bytes: [UInt8]) -> Bool {
        var target = Self.place(localhost, port)
        return withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == bytes.count
            }
        }
    }

    private static func place(_ address: IPAddress, _ port: UInt16) -> sockaddr_in {
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = port.bigEndian
        withUnsafeMutableBytes(of: &place.sin_addr) { $0.copyBytes(from: address.octets.prefix(4)) }
        return place
    }
}

extension BER {
    /// An SNMPv2c trap.
    public static func trap(
        _ kind: OID, community: String = "public", request: Int64 = 1, uptime: Int64 = 100,
        _ varbinds: [(OID, [UInt8])] = [], tag: UInt8 = 0xa7
    ) -> [UInt8] {
        var all: [(OID, [UInt8])] = [
            ([1, 3, 6, 1, 2, 1, 1, 3, 0], integer(uptime, tag: 0x43)),
            ([1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0], oid(kind.parts)),
        ]
        all += varbinds
        let list = all.flatMap { tlv(0x30, oid($0.0.parts) + $0.1) }
        let pdu = integer(request) + integer(0) + integer(0) + tlv(0x30, list)
        return tlv(0x30, integer(1) + tlv(4, Array(community.utf8)) + tlv(tag, pdu))
    }

    /// An SNMPv3 message with a signature of any length (RFC 3412 §6, RFC 3414 §2.4).
    public static func signed(
        engineID: [UInt8], boots: Int64, time: Int64, user: String, signature: [UInt8], scoped: [UInt8]
    ) -> [UInt8] {
        let header = tlv(0x30, integer(1) + integer(65507) + tlv(4, [1]) + integer(3))
        let security = tlv(
            0x30,
            tlv(4, engineID) + integer(boots) + integer(time) + tlv(4, Array(user.utf8)) + tlv(4, signature)
                + tlv(4, []))
        return tlv(0x30, integer(3) + header + tlv(4, security) + scoped)
    }
}
