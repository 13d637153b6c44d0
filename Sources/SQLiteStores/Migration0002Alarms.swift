import GRDB

/// Tables of alarms, their moves, silences, incidents, their timelines, and notifications.
///
/// One row per alarm key for ever: the unique key makes a twin impossible whatever the code above does. Timers
/// (`due_ms`, `next_ms`) are columns, so a restart goes on where it was.
enum Migration0002Alarms {
    static func apply(_ db: Database) throws {
        for statement in alarms + incidents + notifications { try db.execute(sql: statement) }
    }

    private static let alarms = [
        """
        CREATE TABLE alarm (
            id INTEGER PRIMARY KEY,
            ci INTEGER NOT NULL REFERENCES ci (id),
            rule TEXT NOT NULL,
            instance TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('pending', 'firing', 'acknowledged', 'cleared')),
            severity TEXT NOT NULL,
            summary TEXT NOT NULL,
            value TEXT NOT NULL,
            since_ms INTEGER NOT NULL,
            fired_ms INTEGER,
            cleared_ms INTEGER,
            due_ms INTEGER,
            acknowledged_by TEXT,
            incident INTEGER,
            occurrences INTEGER NOT NULL,
            version INTEGER NOT NULL,
            UNIQUE (ci, rule, instance)
        ) STRICT
        """,
        "CREATE INDEX alarm_by_state ON alarm (state, id)",
        "CREATE INDEX alarm_due ON alarm (due_ms) WHERE due_ms IS NOT NULL",
        "CREATE INDEX alarm_by_incident ON alarm (incident, state) WHERE incident IS NOT NULL",
        """
        CREATE TABLE alarm_move (
            alarm INTEGER NOT NULL REFERENCES alarm (id) ON DELETE CASCADE,
            version INTEGER NOT NULL,
            commit_number INTEGER NOT NULL REFERENCES commit_time (number),
            state TEXT NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (alarm, version)
        ) WITHOUT ROWID, STRICT
        """,
        """
        CREATE TABLE silence (
            id INTEGER PRIMARY KEY,
            ci INTEGER REFERENCES ci (id),
            rule TEXT,
            until_ms INTEGER NOT NULL,
            reason TEXT NOT NULL,
            made_by TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX silence_by_end ON silence (until_ms)",
    ]

    private static let incidents = [
        """
        CREATE TABLE incident (
            number INTEGER PRIMARY KEY,
            state TEXT NOT NULL
                CHECK (state IN ('new', 'assigned', 'in-progress', 'pending', 'resolved', 'closed')),
            title TEXT NOT NULL,
            ci INTEGER NOT NULL REFERENCES ci (id),
            impact INTEGER NOT NULL CHECK (impact BETWEEN 1 AND 3),
            urgency INTEGER NOT NULL CHECK (urgency BETWEEN 1 AND 3),
            priority INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 5),
            affected TEXT NOT NULL,
            team TEXT,
            assignee TEXT,
            opened_ms INTEGER NOT NULL,
            resolved_ms INTEGER,
            held TEXT NOT NULL,
            version INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX incident_by_ci ON incident (ci, number)",
        "CREATE INDEX incident_by_state ON incident (state, number)",
        """
        CREATE TABLE incident_note (
            id INTEGER PRIMARY KEY,
            incident INTEGER NOT NULL REFERENCES incident (number),
            time_ms INTEGER NOT NULL,
            kind TEXT NOT NULL,
            who TEXT NOT NULL,
            text TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX incident_note_by_incident ON incident_note (incident, id)",
    ]

    private static let notifications = [
        """
        CREATE TABLE notification (
            id INTEGER PRIMARY KEY,
            dedupe_key TEXT NOT NULL UNIQUE,
            channel TEXT NOT NULL,
            incident INTEGER NOT NULL REFERENCES incident (number),
            event TEXT NOT NULL,
            subject TEXT NOT NULL,
            body TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed', 'suppressed')),
            attempts INTEGER NOT NULL,
            next_ms INTEGER,
            last_answer TEXT NOT NULL,
            created_ms INTEGER NOT NULL,
            ended_ms INTEGER,
            CHECK (state <> 'waiting' OR next_ms IS NOT NULL)
        ) STRICT
        """,
        "CREATE INDEX notification_due ON notification (channel, next_ms, id) WHERE state = 'waiting'",
        "CREATE INDEX notification_by_incident ON notification (incident, id)",
    ]
}
