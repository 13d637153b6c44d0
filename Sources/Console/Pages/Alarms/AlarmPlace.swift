import CollectorServices
import Model
import Stores

/// Where a page of alarms ended: `critical-123`, a severity and the number of the last alarm.
struct AlarmPlace {
    var severity: Severity
    var id: Int64

    init(_ alarm: AlarmRecord) {
        severity = alarm.severity
        id = alarm.id
    }

    /// Reads what ``text`` wrote.
    init(_ text: String) throws {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let severity = Severity(rawValue: String(parts[0])), let id = Int64(parts[1]), id >= 0
        else {
            throw ServiceRefusal.invalid("after must be the next of a page")
        }
        self.severity = severity
        self.id = id
    }

    /// As it stands in a link.
    var text: String { "\(severity.rawValue)-\(id)" }
}
