import GRDB
import Model
import Stores
import Synchronization

/// Gives names and values their numbers: each distinct one is stored once.
///
/// Only the writer uses it. Numbers made inside a savepoint that is rolled back are forgotten again.
final class Interner: Sendable {
    private struct State {
        var names: [[UInt8]: Int64] = [:]
        var values: [[UInt8]: Int64] = [:]
        var fresh: [(isName: Bool, key: [UInt8])] = []
    }

    private static let cacheLimit = 200_000
    private let state = Mutex(State())

    /// The number of a name: an attribute's, a section's, a class's, an item's key. Bytes decide, not canonical
    /// equivalence.
    func name(_ text: String, _ db: Database) throws -> Int64 {
        let key = Array(text.utf8)
        guard key.count <= Limits.valueBytes else {
            throw StoreError.refused("a name of \(key.count) bytes; the limit is \(Limits.valueBytes)")
        }
        if let known = state.withLock({ $0.names[key] }) { return known }
        let stored = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM name WHERE text = ?"), arguments: [text])
        let id = try stored ?? insert("INSERT INTO name (text) VALUES (?)", [text], db)
        remember(isName: true, key: key, id: id, isFresh: stored == nil)
        return id
    }

    /// The number of a value in its stored form.
    func value(_ body: [UInt8], _ db: Database) throws -> Int64 {
        if let known = state.withLock({ $0.values[body] }) { return known }
        let text = String(decoding: body, as: UTF8.self)
        let stored = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM value WHERE body = ?"), arguments: [text])
        let id = try stored ?? insert("INSERT INTO value (body) VALUES (?)", [text], db)
        remember(isName: false, key: body, id: id, isFresh: stored == nil)
        return id
    }

    /// A place to go back to with ``forget(since:)``.
    func mark() -> Int { state.withLock { $0.fresh.count } }

    /// Forgets what was made since `mark`, because its savepoint was rolled back.
    func forget(since mark: Int) {
        state.withLock { state in
            for entry in state.fresh[min(mark, state.fresh.count)...] {
                if entry.isName { state.names[entry.key] = nil } else { state.values[entry.key] = nil }
            }
            state.fresh.removeSubrange(min(mark, state.fresh.count)...)
        }
    }

    /// Forgets all that no commit has confirmed.
    func forgetUncommitted() { forget(since: 0) }

    /// What was made so far is committed.
    func keepAll() { state.withLock { $0.fresh.removeAll(keepingCapacity: true) } }

    private func insert(_ sql: String, _ arguments: StatementArguments, _ db: Database) throws -> Int64 {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
        return db.lastInsertedRowID
    }

    private func remember(isName: Bool, key: [UInt8], id: Int64, isFresh: Bool) {
        state.withLock { state in
            if isName {
                if state.names.count >= Interner.cacheLimit { state.names.removeAll(keepingCapacity: true) }
                state.names[key] = id
            } else {
                if state.values.count >= Interner.cacheLimit { state.values.removeAll(keepingCapacity: true) }
                state.values[key] = id
            }
            if isFresh { state.fresh.append((isName, key)) }
        }
    }
}
