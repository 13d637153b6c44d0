import GRDB
import Model
import Stores

/// What a function that applies a change gets: the writer's connection inside the commit's savepoint, and the commit.
struct CommitContext {
    /// The one writer connection.
    let db: Database
    /// The number of this commit.
    let number: CommitNumber
    /// Wall time of this commit at the collector.
    let time: Timestamp
    /// Names and values by their numbers.
    let interner: Interner

    /// Runs a statement that is prepared once per connection.
    func run(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// The first column of the first row.
    func one<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ type: Value.Type, _ sql: String, _ arguments: StatementArguments
    ) throws -> Value? {
        try Value.fetchOne(db.cachedStatement(sql: sql), arguments: arguments)
    }
}
