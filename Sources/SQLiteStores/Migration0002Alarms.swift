import GRDB

/// Tables of alarms, incidents and notifications.
enum Migration0002Alarms {
    static func apply(_ db: Database) throws {}
}
