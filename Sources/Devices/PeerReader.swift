import Model
import SNMP

/// Reads routing peers and groups of routers: OSPF-MIB (RFC 4750), BGP4-MIB (RFC 4273), CISCO-HSRP-MIB, VRRP-MIB
/// (RFC 2787).
struct PeerReader {
    static let columns =
        MIB.columns(MIB.ospfNbrEntry, 3, 6) + MIB.columns(MIB.bgpPeerEntry, 1, 2, 9)
        + MIB.columns(MIB.cHsrpGrpEntry, 11, 15) + MIB.columns(MIB.vrrpOperEntry, 3) + [MIB.vrrpAssoIpAddrStatus]

    /// The peers in `rows`.
    static func peers(_ result: SNMPResult) -> [DevicePeer] {
        let ospf = SNMPTable(entry: MIB.ospfNbrEntry, rows: result.rows, receipt: result.receipt)
        let bgp = SNMPTable(entry: MIB.bgpPeerEntry, rows: result.rows, receipt: result.receipt)
        let hsrp = SNMPTable(entry: MIB.cHsrpGrpEntry, rows: result.rows, receipt: result.receipt)
        var peers: [DevicePeer] = []
        // ospfNbrIpAddr, ospfNbrAddressLessIndex.
        for index in ospf.indexes where index.count == 5 {
            guard let address = address(index.prefix(4)) else { continue }
            var peer = DevicePeer(proto: "ospf", address: address, state: state(ospf[index, 6], ospfStates))
            peer.id = text(ospf[index, 3])
            peers.append(peer)
        }
        for index in bgp.indexes where index.count == 4 {
            guard let address = address(index[...]) else { continue }
            var peer = DevicePeer(proto: "bgp", address: address, state: state(bgp[index, 2], bgpStates))
            peer.id = text(bgp[index, 1])
            peer.autonomousSystem = bgp[index, 9]?.number
            peers.append(peer)
        }
        // ifIndex, cHsrpGrpNumber.
        for index in hsrp.indexes where index.count == 2 {
            guard case .ipAddress(let address) = hsrp[index, 11], !address.isUnspecified else { continue }
            var peer = DevicePeer(proto: "hsrp", address: address, state: state(hsrp[index, 15], hsrpStates))
            peer.interface = index[0]
            peer.group = index[1]
            peers.append(peer)
        }
        return peers + vrrp(result)
    }

    /// The addresses stand in the index of vrrpAssoIpAddrTable: ifIndex, vrrpOperVrId, address.
    private static func vrrp(_ result: SNMPResult) -> [DevicePeer] {
        let groups = SNMPTable(entry: MIB.vrrpOperEntry, rows: result.rows, receipt: result.receipt)
        return result.rows.under(MIB.vrrpAssoIpAddrStatus).compactMap { index, _ in
            guard index.count == 6, let address = address(index.suffix(4))
            else { return nil }
            var peer = DevicePeer(
                proto: "vrrp", address: address, state: state(groups[Array(index.prefix(2)), 3], vrrpStates))
            peer.interface = index[0]
            peer.group = index[1]
            return peer
        }
    }

    private static func address(_ parts: ArraySlice<UInt32>) -> IPAddress? {
        IPAddress(octets: parts.compactMap { UInt8(exactly: $0) })
    }

    private static func text(_ value: SNMPValue?) -> String? {
        if case .ipAddress(let address) = value, !address.isUnspecified { address.description } else { nil }
    }

    private static func state(_ value: SNMPValue?, _ names: [String]) -> String {
        guard let number = value?.number else { return "unknown" }
        return number >= 1 && number <= Int64(names.count) ? names[Int(number) - 1] : String(number)
    }

    private static let ospfStates = [
        "down", "attempt", "init", "two_way", "exchange_start", "exchange", "loading", "full",
    ]
    private static let bgpStates = ["idle", "connect", "active", "open_sent", "open_confirm", "established"]
    private static let hsrpStates = ["initial", "learn", "listen", "speak", "standby", "active"]
    private static let vrrpStates = ["initialize", "backup", "master"]
}
