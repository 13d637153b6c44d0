import GRDB
import Model
import Stores

extension SQLiteStore: ChangeCommitting {
    /// Applies `set` whole and durably; sets of other callers share its transaction and its fsync.
    public func commit(_ set: ChangeSet) async throws -> CommitNumber {
        let set = CommitScope.current?.applied(to: set) ?? set
        return try await withCheckedThrowingContinuation { continuation in
            switch commits.add(CommitQueue.Pending(set: set, continuation: continuation)) {
            case .schedule: scheduleGroup()
            case .wait: break
            case .refuse(let error): continuation.resume(throwing: error)
            }
        }
    }

    /// `count` numbers never given before; a block of them is recorded before the first is handed out.
    public func reserveNumbers(_ count: Int) async throws -> Range<Int64> {
        if let range = numbers.take(count) { return range }
        let size = max(Int64(count), NumberBlock.size)
        let first = try await write { db in
            try db.inTransaction(.immediate) {
                try db.execute(sql: "UPDATE number_block SET next = next + ?", arguments: [size])
                return .commit
            }
            return try Int64.fetchOne(db, sql: "SELECT next FROM number_block").map { $0 - size }
        }
        guard let first else { throw StoreError.unusable("\(pool.path): the table number_block is empty") }
        return numbers.replace(with: first..<(first + size), taking: count)
    }

    private func scheduleGroup() {
        pool.asyncWriteWithoutTransaction { db in self.commitGroup(db) }
    }

    /// One transaction for all sets that wait: a savepoint each, so that a conflict in one leaves the others alone.
    private func commitGroup(_ db: Database) {
        let (group, more) = commits.take()
        if more { scheduleGroup() }
        var newest = commits.newest
        var outcomes: [Result<CommitNumber, StoreError>] = []
        do {
            try db.inTransaction(.immediate) {
                for pending in group {
                    let outcome = try applyInSavepoint(pending.set, newest: newest, db: db)
                    if case .success(let number) = outcome { newest = number }
                    outcomes.append(outcome)
                }
                return .commit
            }
            commits.newest = newest
            interner.keepAll()
            waiters.wake(upTo: try FeedWaiters.newestPosition(db))
        } catch {
            interner.forgetUncommitted()
            let failure = StoreError(error, path: pool.path)
            if (error as? DatabaseError)?.resultCode == .SQLITE_IOERR { commits.stop() }
            outcomes = group.map { _ in .failure(failure) }
        }
        for (pending, outcome) in zip(group, outcomes) { pending.continuation.resume(with: outcome.mapError { $0 }) }
    }

    /// Applies one set; throws when its failure spoils the transaction for all.
    private func applyInSavepoint(
        _ set: ChangeSet, newest: CommitNumber, db: Database
    ) throws -> Result<CommitNumber, StoreError> {
        let number = set.makesHistory ? CommitNumber(rawValue: newest.rawValue + 1) : newest
        let context = CommitContext(db: db, number: number, time: now(), interner: interner)
        let mark = interner.mark()
        do {
            try db.inSavepoint {
                try apply(set, context)
                return .commit
            }
            return .success(number)
        } catch {
            interner.forget(since: mark)
            let failure = StoreError(error, path: pool.path)
            if failure.spoilsTransaction { throw error }
            return .failure(failure)
        }
    }

    /// The one place where a change set meets the tables: what must hold, then each domain in its own file.
    private func apply(_ set: ChangeSet, _ context: CommitContext) throws {
        for expectation in set.expectations { try check(expectation, context) }
        if set.makesHistory {
            try context.run(
                "INSERT INTO commit_time (number, time_ms) VALUES (?, ?)",
                [context.number.rawValue, context.time.milliseconds])
        }
        for change in set.cmdb { try applyCMDB(change, context) }
        for change in set.checks { try applyCheck(change, context) }
        for change in set.alarms { try applyAlarm(change, context) }
        for change in set.incidents { try applyIncident(change, context) }
        for change in set.discoveries { try applyDiscovery(change, context) }
        for change in set.sweeps { try applySweep(change, context) }
        for change in set.notifications { try applyNotification(change, context) }
        for change in set.agents { try applyAgent(change, context) }
        for change in set.accounts { try applyAccount(change, context) }
        for change in set.requests { try applyRequest(change, context) }
        for (reader, cursor) in set.cursors { try applyCursor(reader, cursor, context) }
        for event in set.events { try appendEvent(event, context) }
    }

    private func check(_ expectation: Expectation, _ context: CommitContext) throws {
        switch expectation {
        case .ci(let ci, let version): try expectCI(ci, version: version, context)
        case .section(let object, let section, let digest):
            try expectSection(object: object, section: section, digest: digest, context)
        case .alarm(let key, let version): try expectAlarm(key, version: version, context)
        case .incident(let number, let version): try expectIncident(number, version: version, context)
        case .discovery(let id, let version): try expectDiscovery(id, version: version, context)
        case .cursor(let reader, let cursor): try expectCursor(reader, cursor, context)
        }
    }
}

extension ChangeSet {
    /// Whether the set needs a commit number of its own: a ledger entry or a newest check result has no history.
    var makesHistory: Bool {
        !(cmdb.isEmpty && alarms.isEmpty && incidents.isEmpty && notifications.isEmpty && events.isEmpty)
    }
}
