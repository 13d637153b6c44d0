import GRDB
import Model
import Stores

extension SQLiteStore: AccountReading {
    /// The user called `name`.
    public func user(_ name: String) async throws -> UserRecord? {
        try await read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM user WHERE name = ?", arguments: [name]).map(UserRecord.init)
        }
    }

    /// Users in order of name behind `after`.
    public func users(after: String?, limit: Int) async throws -> [UserRecord] {
        try await read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM user WHERE name > ? ORDER BY name LIMIT ?", arguments: [after ?? "", limit]
            ).map(UserRecord.init)
        }
    }

    /// The session with this hash.
    public func session(hash: String) async throws -> SessionRecord? {
        try await read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT user.*, session.seen_ms, session.expires_ms
                    FROM session JOIN user ON user.name = session.user WHERE session.hash = ?
                    """, arguments: [hash])
            return row.map { row in
                SessionRecord(
                    user: UserRecord(row), seenAt: Timestamp(milliseconds: row["seen_ms"]),
                    expiresAt: Timestamp(milliseconds: row["expires_ms"]))
            }
        }
    }

    /// Whose sign-in link has this hash, if it is unused and holds at `moment`.
    public func signInLink(hash: String, at moment: Timestamp) async throws -> String? {
        try await read { db in
            try String.fetchOne(
                db, sql: "SELECT user FROM sign_in_link WHERE hash = ? AND used_ms IS NULL AND expires_ms > ?",
                arguments: [hash, moment.milliseconds])
        }
    }

    /// Applies one change to users, sessions or sign-in links.
    func applyAccount(_ change: AccountChange, _ context: CommitContext) throws {
        switch change {
        case .addUser, .setRole, .setPassword, .setLanguage, .setDisabled: try applyUser(change, context)
        default: try applySession(change, context)
        }
    }

    private func applyUser(_ change: AccountChange, _ context: CommitContext) throws {
        switch change {
        case .addUser(let name, let role):
            try context.run(
                "INSERT INTO user (name, role, created_ms) VALUES (?, ?, ?)",
                [name, role.rawValue, context.time.milliseconds])
        case .setRole(let user, let role):
            try updateUser(user, "UPDATE user SET role = ? WHERE name = ?", [role.rawValue, user], context)
        case .setPassword(let user, let hash):
            try updateUser(user, "UPDATE user SET password_hash = ? WHERE name = ?", [hash, user], context)
            try context.run("DELETE FROM session WHERE user = ?", [user])
        case .setLanguage(let user, let language):
            try updateUser(user, "UPDATE user SET language = ? WHERE name = ?", [language, user], context)
        case .setDisabled(let user, let isDisabled):
            try updateUser(user, "UPDATE user SET disabled = ? WHERE name = ?", [isDisabled, user], context)
            if isDisabled { try context.run("DELETE FROM session WHERE user = ?", [user]) }
        default: break
        }
    }

    private func applySession(_ change: AccountChange, _ context: CommitContext) throws {
        let now = context.time.milliseconds
        switch change {
        case .addSession(let hash, let user, let expires):
            // What has ended goes when somebody comes: no timer is needed, and the table stays small.
            try context.run("DELETE FROM session WHERE expires_ms <= ?", [now])
            try context.run("DELETE FROM sign_in_link WHERE expires_ms <= ?", [now])
            try context.run(
                "INSERT INTO session (hash, user, created_ms, seen_ms, expires_ms) VALUES (?, ?, ?, ?, ?)",
                [hash, user, now, now, expires.milliseconds])
            try context.run("UPDATE user SET signed_in_ms = ? WHERE name = ?", [now, user])
        case .useSession(let hash, let moment):
            try context.run("UPDATE session SET seen_ms = ? WHERE hash = ?", [moment.milliseconds, hash])
        case .endSession(let hash):
            try context.run("DELETE FROM session WHERE hash = ?", [hash])
        case .addSignInLink(let hash, let user, let expires):
            try context.run(
                "INSERT INTO sign_in_link (hash, user, expires_ms) VALUES (?, ?, ?)",
                [hash, user, expires.milliseconds])
        case .useSignInLink(let hash):
            // One winner in a race, as for join tokens.
            try context.run(
                "UPDATE sign_in_link SET used_ms = ? WHERE hash = ? AND used_ms IS NULL AND expires_ms > ?",
                [now, hash, now])
            guard context.db.changesCount == 1 else { throw StoreError.conflict("the sign-in link is used or ended") }
        default: break
        }
    }

    private func updateUser(
        _ user: String, _ sql: String, _ arguments: StatementArguments, _ context: CommitContext
    ) throws {
        try context.run(sql, arguments)
        guard context.db.changesCount == 1 else { throw StoreError.notFound("user \(user)") }
    }
}

extension UserRecord {
    init(_ row: Row) {
        self.init(
            name: row["name"], role: UserRole(rawValue: row["role"]) ?? .viewer, passwordHash: row["password_hash"],
            language: row["language"], isDisabled: row["disabled"],
            createdAt: Timestamp(milliseconds: row["created_ms"]),
            signedInAt: (row["signed_in_ms"] as Int64?).map { Timestamp(milliseconds: $0) })
    }
}
