import CNetSNMP
import Glibc
import Model

/// One trap socket on the library's thread.
final class TrapListener {
    let descriptor: Int32
    /// The receiver whose socket it is.
    let receiver: TrapReception
    private var handle: OpaquePointer?
    private var lost: UInt32 = 0
    /// The sender of the datagram that is being read.
    private var address: IPAddress?

    /// Datagrams read before others get their turn.
    private static let turn = 64
    /// For how long the same octets do not count twice: as long as SNMPv3 takes an old message (RFC 3414 §3.2), and without its
    /// signature, where a replay cannot be told from a forgery anyway, as long as a network may repeat a datagram.
    private static let (signedLifetime, plainLifetime) = (300.0, 10.0)

    init?(descriptor: Int32, receiver: TrapReception) {
        self.descriptor = descriptor
        self.receiver = receiver
        handle = cns_listen(descriptor, Unmanaged.passUnretained(self).toOpaque(), takeTrap)
        if handle == nil { return nil }
    }

    func close() {
        if let handle { cns_unlisten(handle) }
        handle = nil
        closeDescriptor(descriptor)
    }

    /// Reads what has arrived.
    func readable() {
        guard let handle else { return }
        var octets = [UInt8](repeating: 0, count: 16)
        for _ in 0..<Self.turn {
            var count = 0
            guard cns_take(handle, &octets, &count) >= 0 else { break }
            take(IPAddress(octets: octets.prefix(count)), handle)
        }
        noteLost(cns_lost(handle))
    }

    /// The kernel's counter only grows, and wraps.
    private func noteLost(_ now: UInt32) {
        let more = now &- lost
        lost = now
        if more > 0 { receiver.order.report(.lost(Int(more))) }
    }

    private func take(_ sender: IPAddress?, _ handle: OpaquePointer) {
        guard let sender, let name = receiver.gate.name(of: sender) else {
            return receiver.order.report(.stranger(sender))
        }
        if let reason = receiver.gate.refusalUnread(sender, now: monotonicNow()) {
            return receiver.order.report(.refused(source: name, reason))
        }
        address = sender
        defer { address = nil }
        let outcome = cns_refusal(UInt32(bitPattern: cns_judge(handle)))
        if let reason = outcome.reason { receiver.order.report(.refused(source: name, reason)) }
    }

    /// Whether a trap that the library could read is taken, so that an inform is answered.
    fileprivate func judge(_ trap: cns_trap) -> Bool {
        guard let address, let handle else { return false }
        let name = receiver.gate.name(of: address) ?? ""
        let proof = trap.proof
        guard let source = receiver.gate.source(at: address, showing: proof, owner: receiver.owner(of: proof)) else {
            receiver.order.report(.refused(source: name, .credential))
            return false
        }
        guard let told = SNMPTrap(copying: trap, source: source.name, address: address) else {
            receiver.order.report(.refused(source: source.name, .broken))
            return false
        }
        let lifetime = source.user == nil ? Self.plainLifetime : Self.signedLifetime
        if let reason = receiver.gate.refusalProven(
            address, fingerprint: fingerprint(handle), lifetime: lifetime, now: monotonicNow())
        {
            receiver.order.report(.refused(source: source.name, reason))
            // Its sender did not hear that it arrived.
            return reason == .repeated
        }
        receiver.order.report(.taken(told))
        return true
    }

    private func fingerprint(_ handle: OpaquePointer) -> Int {
        var count = 0
        let start = cns_taken(handle, &count)
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(start: start, count: count))
        return hasher.finalize()
    }
}

/// The C side of a listener.
private func takeTrap(_ context: UnsafeMutableRawPointer?, _ trap: UnsafePointer<cns_trap>?) -> Int32 {
    guard let context, let trap else { return 0 }
    return Unmanaged<TrapListener>.fromOpaque(context).takeUnretainedValue().judge(trap.pointee) ? 1 : 0
}

extension cns_refusal {
    /// The reason to count; nil where the trap was taken, told already, or only our engine id was asked for.
    fileprivate var reason: SNMPTrapRefusal? {
        switch self {
        case CNS_TAKEN, CNS_DECLINED, CNS_DISCOVERY: nil
        case CNS_NOT_A_TRAP: .notATrap
        case CNS_UNKNOWN_ENGINE: .unknownEngine
        case CNS_UNKNOWN_USER: .unknownUser
        case CNS_WRONG_DIGEST: .wrongDigest
        case CNS_NOT_IN_TIME: .notInTime
        case CNS_NOT_DECRYPTED: .notDecrypted
        case CNS_WRONG_LEVEL: .credential
        default: .broken
        }
    }
}

extension cns_trap {
    fileprivate var proof: TrapGate.Proof {
        if version == Int32(CNS_V3.rawValue) {
            .user(
                name: copied(user, user_length, limit: 32), level: level,
                engineID: copied(engine_id, engine_id_length, limit: 32), isInform: is_inform != 0)
        } else {
            .community(copied(community, community_length, limit: 256))
        }
    }

    private func copied(_ start: UnsafePointer<UInt8>?, _ count: Int, limit: Int) -> [UInt8] {
        start == nil ? [] : Array(UnsafeBufferPointer(start: start, count: min(count, limit)))
    }
}

extension SNMPTrap {
    private static let sysUpTime: OID = [1, 3, 6, 1, 2, 1, 1, 3, 0]
    private static let snmpTrapOID: OID = [1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0]
    private static let snmpTraps: OID = [1, 3, 6, 1, 6, 3, 1, 1, 5]

    /// Copies what the library read; nil where it does not say what happened.
    fileprivate init?(copying trap: cns_trap, source: String, address: IPAddress) {
        var rows: [SNMPRow] = []
        var cursor = trap.first
        var varbind = cns_varbind()
        var uptime: UInt32?
        var kind: OID?
        while rows.count < SNMPTrap.rows, cns_next(&cursor, &varbind) == 1 {
            guard let row = SNMPRow(copying: varbind, octets: SNMPTrap.octets) else { continue }
            switch (row.oid, row.value) {
            case (Self.sysUpTime, .timeticks(let ticks)): uptime = uptime ?? ticks
            case (Self.snmpTrapOID, .oid(let oid)): kind = kind ?? oid
            default: rows.append(row)
            }
        }
        if trap.version == Int32(CNS_V1.rawValue) {
            let enterprise = OID(copying: trap.enterprise, trap.enterprise_length)
            kind = Self.kind(generic: trap.generic, specific: trap.specific, enterprise: enterprise)
            uptime = trap.uptime
        }
        guard let kind, !kind.parts.isEmpty else { return nil }
        self.init(
            source: source, address: address, kind: kind, uptime: uptime, rows: rows, isInform: trap.is_inform != 0)
    }

    /// snmpTrapOID of an SNMPv1 trap (RFC 3584 §3.1 (2), (3)).
    static func kind(generic: Int, specific: Int, enterprise: OID?) -> OID? {
        if (0...5).contains(generic) { return snmpTraps.appending(UInt32(generic) + 1) }
        guard generic == 6, let specific = UInt32(exactly: specific), let enterprise, enterprise.parts.count < 127
        else {
            return nil
        }
        return enterprise.appending(0, specific)
    }
}
