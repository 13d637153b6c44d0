import Model
import SNMP

/// A recording that answers as the device would, for support and tests without the device.
public struct RecordedSession: DeviceSession {
    private let walk: RecordedWalk
    private let vlans: [UInt32: RecordedWalk]
    private let limit: Int

    /// A recording, with those of the same device asked per VLAN where there are any. A walk ends after `limit` rows, as
    /// with a device.
    public init(_ walk: RecordedWalk, vlans: [UInt32: RecordedWalk] = [:], limit: Int = SNMPLimits().rows) {
        self.walk = walk
        self.vlans = vlans
        self.limit = limit
    }

    /// See `DeviceSession`.
    public func read(_ oids: [OID]) async -> SNMPResult {
        result(oids.map { SNMPRow($0, walk[$0] ?? .noSuchInstance) }, requests: (oids.count + 19) / 20, limit: limit)
    }

    /// See `DeviceSession`.
    public func rows(under roots: [OID]) async -> SNMPResult {
        await self.rows(under: roots, limit: limit)
    }

    /// See `DeviceSession`.
    public func rows(under roots: [OID], limit: Int) async -> SNMPResult {
        var rows: [SNMPRow] = []
        for root in roots { rows += walk.rows(under: root) }
        return result(rows, requests: max(rows.count / 40, 1), limit: min(limit, self.limit))
    }

    /// See `DeviceSession`.
    public func vlan(_ number: UInt32) -> (any DeviceSession)? {
        vlans[number].map { RecordedSession($0, limit: limit) }
    }

    private func result(_ rows: [SNMPRow], requests: Int, limit: Int) -> SNMPResult {
        var receipt = SNMPReceipt()
        receipt.requests = requests
        receipt.rows = min(rows.count, limit)
        if rows.count > limit { receipt.end = .rowLimit }
        return SNMPResult(rows: SNMPRows(rows.prefix(limit)), receipt: receipt)
    }
}
