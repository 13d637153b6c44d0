import CNetSNMP

/// Who may use which engine id. The library keeps users by engine id and name, and clocks by engine id, for the
/// whole process and beyond a session's end: a right passphrase after a wrong one would fail, a wrong one after a
/// right one would succeed. So an engine id belongs to one device and one set of keys per user at a time.
struct EngineRegistry {
    private struct Holder {
        let endpoint: Session.Endpoint
        var users: [String: (user: SNMPUser, sessions: Int)] = [:]
        var sessions: Set<ObjectIdentifier> = []
    }

    private var holders: [[UInt8]: Holder] = [:]

    /// The sessions that keep `session` from using the engine id; empty when it may go on, and then it holds it.
    mutating func acquire(_ engineID: [UInt8], _ user: SNMPUser, for session: Session) -> Set<ObjectIdentifier> {
        var holder = holders[engineID] ?? Holder(endpoint: session.endpoint)
        let known = holder.users[user.name]
        if !holder.sessions.isEmpty {
            let isOurs = holder.endpoint == session.endpoint && (known.map { $0.user == user } ?? true)
            if !isOurs { return holder.sessions }
        }
        holder.sessions.insert(ObjectIdentifier(session))
        holder.users[user.name] = (user, (known?.sessions ?? 0) + 1)
        holders[engineID] = holder
        return []
    }

    /// Ends the session's hold, and removes from the library what nobody holds any more.
    mutating func release(_ engineID: [UInt8], _ user: SNMPUser, for session: Session) {
        guard var holder = holders[engineID], holder.sessions.remove(ObjectIdentifier(session)) != nil else { return }
        let left = (holder.users[user.name]?.sessions ?? 1) - 1
        if left > 0 {
            holder.users[user.name]?.sessions = left
        } else {
            holder.users[user.name] = nil
            cns_forget_user(engineID, engineID.count, user.name)
        }
        if holder.sessions.isEmpty {
            cns_forget_engine(engineID, engineID.count)
            holders[engineID] = nil
        } else {
            holders[engineID] = holder
        }
    }
}
