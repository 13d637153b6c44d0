import Model
import SNMP

/// What answers for a device: the device itself, or a recording of it. The readers do not know which.
public protocol DeviceSession: Sendable {
    /// Single instances; what is not there is left out or carries one of the exceptions of `SNMPValue`.
    func read(_ oids: [OID]) async -> SNMPResult
    /// The subtrees under `roots`, rows in the order of RFC 3416 within each.
    func rows(under roots: [OID]) async -> SNMPResult
    /// The same, but no more than `limit` rows; the receipt says when there would have been more.
    func rows(under roots: [OID], limit: Int) async -> SNMPResult
    /// The same device asked for the forwarding table of one VLAN, as Cisco keeps them; nil where there is no such way.
    func vlan(_ number: UInt32) -> (any DeviceSession)?
}

/// A device that is asked over the network.
public struct LiveSession: DeviceSession {
    private let client: SNMPClient
    private let target: SNMPTarget

    /// The device behind `target`.
    public init(client: SNMPClient, target: SNMPTarget) {
        self.client = client
        self.target = target
    }

    /// See `DeviceSession`.
    public func read(_ oids: [OID]) async -> SNMPResult { await client.read(oids, from: target) }

    /// See `DeviceSession`.
    public func rows(under roots: [OID]) async -> SNMPResult { await client.rows(under: roots, from: target) }

    /// See `DeviceSession`.
    public func rows(under roots: [OID], limit: Int) async -> SNMPResult {
        var target = target
        target.limits.rows = min(limit, target.limits.rows)
        return await client.rows(under: roots, from: target)
    }

    /// `community@VLAN` for SNMPv1 and v2c, the context `vlan-VLAN` for v3.
    public func vlan(_ number: UInt32) -> (any DeviceSession)? {
        var target = target
        switch target.credential {
        case .v1(let community): target.credential = .v1(community: "\(community)@\(number)")
        case .v2c(let community): target.credential = .v2c(community: "\(community)@\(number)")
        case .v3(let user, let context):
            guard context.isEmpty else { return nil }
            target.credential = .v3(user, context: "vlan-\(number)")
        }
        // A VLAN without a context of its own is met with silence: not worth long patience.
        target.retries = 0
        return LiveSession(client: client, target: target)
    }
}
