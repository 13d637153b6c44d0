import GRDB
import Model
import Stores

extension SQLiteStore {
    /// Applies one change to who looks through which network.
    func applySweep(_ change: SweepChange, _ context: CommitContext) throws {
        switch change {
        case .put(let sweep, let before):
            let key: StatementArguments = [sweep.policy, sweep.network.description]
            let stored = try context.one(
                Int64.self, "SELECT fence FROM sweep_lease WHERE policy = ? AND network = ?", key)
            guard stored ?? 0 == before else { throw StoreError.conflict("network \(sweep.network)") }
            try context.run(
                "INSERT OR REPLACE INTO sweep_lease (policy, network, fence, lease) VALUES (?, ?, ?, ?)",
                key + [sweep.lease.fence, try StoredJSON.encode(sweep.lease)])
        case .remove(let policy, let network):
            try context.run(
                "DELETE FROM sweep_lease WHERE policy = ? AND network = ?", [policy, network.description])
        }
    }
}

extension SQLiteStore: SweepReading {
    /// All of them, in order of policy.
    public func sweepLeases() async throws -> [SweepLease] {
        try await read { db in
            try Row.fetchAll(db, sql: "SELECT policy, network, lease FROM sweep_lease ORDER BY policy, network")
                .compactMap { row in
                    let network: String = row["network"]
                    return try IPNetwork(network).map {
                        SweepLease(
                            policy: row["policy"], network: $0,
                            lease: try StoredJSON.decode(Lease.self, row["lease"]))
                    }
                }
        }
    }
}
