import GRDB

/// All numbered migrations, oldest first. A migration that has been released is never edited: add the next one.
enum Migrations {
    /// The migrations in order; each runs in a transaction of its own, so a killed upgrade resumes where it was.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001-cmdb", migrate: Migration0001CMDB.apply)
        migrator.registerMigration("0002-alarms", migrate: Migration0002Alarms.apply)
        migrator.registerMigration("0003-agents", migrate: Migration0003Agents.apply)
        migrator.registerMigration("0004-accounts", migrate: Migration0004Accounts.apply)
        migrator.registerMigration("0005-idempotency", migrate: Migration0005Idempotency.apply)
        migrator.registerMigration("0006-evidence", migrate: Migration0006Evidence.apply)
        migrator.registerMigration("0007-policy", migrate: Migration0007Policy.apply)
        migrator.registerMigration("0008-discovery", migrate: Migration0008Discovery.apply)
        migrator.registerMigration("0009-leases", migrate: Migration0009Leases.apply)
        return migrator
    }
}
