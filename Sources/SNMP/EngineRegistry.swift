import CNetSNMP
import Model

/// Who may use which engine id. The library keeps users by engine id and name, and clocks by engine id, for the
/// whole process and beyond a session's end: a right passphrase after a wrong one would fail, a wrong one after a
/// right one would succeed. So an engine id belongs to one device and one set of keys per user at a time.
///
/// Of devices that send traps over SNMPv3 the user that was right and the clock stay after the last session, because a trap can
/// only be read with them; they go as soon as another device or other keys want the engine id.
struct EngineRegistry {
    private struct Holder {
        let endpoint: Session.Endpoint
        var users: [String: (user: SNMPUser, sessions: Int)] = [:]
        var sessions: Set<ObjectIdentifier> = []
    }

    private struct Kept {
        let endpoint: Session.Endpoint
        var users: [String: SNMPUser] = [:]
    }

    private var holders: [[UInt8]: Holder] = [:]
    private var kept: [[UInt8]: Kept] = [:]
    /// Whose traps are waited for, by the device's address.
    private var wanted: [IPAddress: Set<SNMPUser>] = [:]

    /// The sessions that keep `session` from using the engine id; empty when it may go on, and then it holds it.
    mutating func acquire(_ engineID: [UInt8], _ user: SNMPUser, for session: Session) -> Set<ObjectIdentifier> {
        var holder = holders[engineID] ?? Holder(endpoint: session.endpoint)
        let known = holder.users[user.name]
        if !holder.sessions.isEmpty {
            let isOurs = holder.endpoint == session.endpoint && (known.map { $0.user == user } ?? true)
            if !isOurs { return holder.sessions }
        }
        handOver(engineID, to: user, at: session.endpoint)
        holder.sessions.insert(ObjectIdentifier(session))
        holder.users[user.name] = (user, (known?.sessions ?? 0) + 1)
        holders[engineID] = holder
        return []
    }

    /// Ends the session's hold, and removes from the library what nobody holds any more. `isRight` when the user may stay.
    mutating func release(_ engineID: [UInt8], _ user: SNMPUser, for session: Session, isRight: Bool) {
        guard var holder = holders[engineID], holder.sessions.remove(ObjectIdentifier(session)) != nil else { return }
        let left = (holder.users[user.name]?.sessions ?? 1) - 1
        if left > 0 {
            holder.users[user.name]?.sessions = left
        } else {
            holder.users[user.name] = nil
            keepOrForget(engineID, user, at: holder.endpoint, isRight: isRight)
        }
        if holder.sessions.isEmpty {
            holders[engineID] = nil
            if kept[engineID] == nil { cns_forget_engine(engineID, engineID.count) }
        } else {
            holders[engineID] = holder
        }
    }

    /// The device whose engine id it is, as far as sessions have learnt it.
    func address(of engineID: [UInt8]) -> IPAddress? {
        holders[engineID]?.endpoint.address ?? kept[engineID]?.endpoint.address
    }

    /// From now on these users stay; what stayed for others goes.
    mutating func keep(users: [IPAddress: Set<SNMPUser>]) {
        wanted = users
        for (engineID, entry) in kept {
            for user in entry.users.values where wanted[entry.endpoint.address]?.contains(user) != true {
                drop(engineID, user)
            }
        }
    }

    private mutating func keepOrForget(
        _ engineID: [UInt8], _ user: SNMPUser, at endpoint: Session.Endpoint, isRight: Bool
    ) {
        guard isRight, wanted[endpoint.address]?.contains(user) == true else {
            kept[engineID]?.users[user.name] = nil
            if kept[engineID]?.users.isEmpty == true { kept[engineID] = nil }
            cns_forget_user(engineID, engineID.count, user.name)
            return
        }
        // A device has one engine; what it had before is over.
        for (other, entry) in kept where other != engineID && entry.endpoint == endpoint {
            for old in entry.users.values { drop(other, old) }
        }
        kept[engineID, default: Kept(endpoint: endpoint)].users[user.name] = user
    }

    /// Another device, or other keys of the same user, take an engine id over.
    private mutating func handOver(_ engineID: [UInt8], to user: SNMPUser, at endpoint: Session.Endpoint) {
        guard let entry = kept[engineID] else { return }
        let isOther = entry.endpoint != endpoint
        for old in entry.users.values where isOther || old.name == user.name && old != user { drop(engineID, old) }
    }

    private mutating func drop(_ engineID: [UInt8], _ user: SNMPUser) {
        kept[engineID]?.users[user.name] = nil
        if kept[engineID]?.users.isEmpty == true { kept[engineID] = nil }
        // A session that uses the user has it forgotten when it ends.
        guard holders[engineID]?.users[user.name] == nil else { return }
        cns_forget_user(engineID, engineID.count, user.name)
        if holders[engineID] == nil, kept[engineID] == nil { cns_forget_engine(engineID, engineID.count) }
    }
}
