import FoundationEssentials
import Stores

/// A notification as an event of CloudEvents 1.0 in its JSON form; `id` is the dedupe key.
struct CloudEvent: Encodable {
    var specversion = "1.0"
    var id: String
    var source = "/muster/collector"
    var type: String
    var subject: String
    var time: String
    var datacontenttype = "application/json"
    var data: Payload

    /// What the event tells.
    struct Payload: Encodable {
        var incident: Int64
        var event: String
        var title: String
        var text: String
    }

    init(_ notification: NotificationRecord) {
        id = notification.dedupeKey
        type = "muster.incident." + notification.event
        subject = "incident/\(notification.incident)"
        time = notification.createdAt.rfc3339
        data = Payload(
            incident: notification.incident, event: notification.event, title: notification.subject,
            text: notification.body)
    }

    /// UTF-8, keys sorted so that the bytes of a repeat are the same.
    var json: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return Array(try encoder.encode(self))
        }
    }
}
