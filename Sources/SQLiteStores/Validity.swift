import GRDB
import Stores

/// Picks rows that hold now or held as of a commit. The statement binds `:t`.
struct Validity {
    private let asOf: CommitNumber?

    init(_ asOf: CommitNumber?) { self.asOf = asOf }

    /// The condition on a table, or on its alias given as `prefix` (`"r."`).
    func condition(_ prefix: String = "") -> String {
        guard asOf != nil else { return "\(prefix)to_commit = 0" }
        return "\(prefix)from_commit <= :t AND (\(prefix)to_commit = 0 OR \(prefix)to_commit > :t)"
    }

    /// The arguments of the statement with `:t` where the condition needs it.
    func arguments(_ others: [String: (any DatabaseValueConvertible)?]) -> StatementArguments {
        var all = others
        if let asOf { all["t"] = asOf.rawValue }
        return StatementArguments(all)
    }
}
