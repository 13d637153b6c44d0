import GRDB

/// Which agent looks through which network, which networks an agent's host lets it look through, and accepted devices by name.
enum Migration0009Leases {
    static func apply(_ db: Database) throws {
        for statement in statements { try db.execute(sql: statement) }
    }

    private static let statements = [
        """
        CREATE TABLE sweep_lease (
            policy TEXT NOT NULL,
            network TEXT NOT NULL,
            fence INTEGER NOT NULL,
            lease TEXT NOT NULL,
            PRIMARY KEY (policy, network)
        ) WITHOUT ROWID, STRICT
        """,
        "ALTER TABLE agent ADD COLUMN sweeps TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE discovery ADD COLUMN device TEXT",
        "UPDATE discovery SET device = json_extract(record, '$.device')",
        "CREATE INDEX discovery_by_device ON discovery (device, id) WHERE device IS NOT NULL",
    ]
}
