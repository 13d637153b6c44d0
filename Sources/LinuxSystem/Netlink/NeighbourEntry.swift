import CLinux
import Glibc
import Model

/// Who answers at an address beside this host: an entry of the kernel's table of ARP or of neighbour discovery (RFC 826, RFC 4861,
/// rtnetlink(7) RTM_GETNEIGH).
public struct NeighbourEntry: Hashable, Sendable {
    /// The number of the interface.
    public var interface: UInt32
    /// The address.
    public var address: IPAddress
    /// The MAC address behind it.
    public var mac: MACAddress

    /// The table of the running machine.
    public static func ipv6() throws(NetlinkError) -> [NeighbourEntry] { try table(UInt8(AF_INET6)) }

    /// The table of ARP (RFC 826) of the running machine.
    public static func ipv4() throws(NetlinkError) -> [NeighbourEntry] { try table(UInt8(AF_INET)) }

    private static func table(_ family: UInt8) throws(NetlinkError) -> [NeighbourEntry] {
        let payload = [family] + [UInt8](repeating: 0, count: 11)
        let question = NetlinkQuestion(family: MUSTER_ROUTES, type: 30, isDump: true, payload: payload)
        return all(in: try question.answer())
    }

    /// The entries in an answer; those without an answer of the neighbour, and groups, are left out.
    public static func all(in answer: some Collection<UInt8>) -> [NeighbourEntry] {
        let (new, head): (UInt16, Int) = (28, 12)
        // Reachable, stale, delay, probe and permanent: the neighbour is or was known.
        let known: UInt64 = 0x02 | 0x04 | 0x08 | 0x10 | 0x80
        return NetlinkMessage.all(in: answer).filter { $0.type == new }.prefix(20_000).compactMap { message in
            let attributes = NetlinkAttributes(message.payload.dropFirst(head))
            guard let interface = message.payload.native(at: 4, count: 4),
                let state = message.payload.native(at: 8, count: 2), state & known != 0,
                let address = attributes[1].flatMap({ IPAddress(octets: $0) }), let octets = attributes[2],
                let mac = MACAddress(octets: octets), !mac.isFiller, !mac.isMulticast
            else { return nil }
            return NeighbourEntry(
                interface: UInt32(truncatingIfNeeded: interface), address: address, mac: mac)
        }
    }
}
