import CollectorServices
import Model
import Stores
import Wire

extension JSON {
    /// An agent.
    static func agent(_ record: AgentRecord) -> JSON {
        .object([
            ("id", .text(record.id)), ("hostname", .text(record.hostname)), ("state", .text(state(of: record))),
            ("version", .text(record.version)), ("ci", .optional(record.ci?.rawValue)),
            ("heard_at", .time(record.heardAt)), ("clock_skew_milliseconds", .integer(record.clockSkew)),
            ("heartbeat_seconds", .integer(Int64(record.heartbeatSeconds))), ("boot_id", .text(record.bootID)),
            ("generation", .count(record.generation)), ("revoked_reason", .optional(record.revokedReason)),
        ])
    }

    /// The word for how an agent stands.
    static func state(of record: AgentRecord) -> String {
        if record.revokedReason != nil { return "revoked" }
        if record.isSilent { return "silent" }
        return record.heardAt == nil ? "new" : "live"
    }

    /// The ledger of an agent: what it says it sent, and what is here.
    static func account(_ account: AgentsService.Account) -> JSON {
        .object([
            ("agent", .text(account.agent.id)), ("hostname", .text(account.agent.hostname)),
            ("epochs", .array(account.epochs.map(ledger))), ("gaps", .array(account.gaps.map(gap))),
            ("refusals", .array(account.refusals.map(refusal))),
        ])
    }

    private static func ledger(_ record: LedgerRecord) -> JSON {
        // The agent's own figures are as old as its last status; what came since then makes this negative.
        let accounted = record.stored &+ record.refused &+ record.gaps
        let waiting = record.enqueued > accounted ? record.enqueued - accounted : 0
        return .object([
            ("epoch", .text(hexadecimal(withUnsafeBytes(of: record.epoch.bigEndian) { Array($0) }))),
            ("enqueued", .count(record.enqueued)), ("acknowledged", .count(record.acknowledged)),
            ("stored", .count(record.stored)), ("refused", .count(record.refused)),
            ("declared_gaps", .count(record.gaps)), ("waiting", .count(waiting)),
            ("highest_sequence", .count(record.highest)),
            ("missing", .count(record.highest > accounted ? record.highest - accounted : 0)),
        ])
    }

    private static func gap(_ record: GapRecord) -> JSON {
        .object([
            ("epoch", .text(hexadecimal(withUnsafeBytes(of: record.epoch.bigEndian) { Array($0) }))),
            ("first_sequence", .count(record.first)), ("last_sequence", .count(record.last)),
            ("count", .count(record.count)), ("cause", .text(record.cause)), ("told_at", .time(record.time)),
        ])
    }

    private static func refusal(_ record: RefusalRecord) -> JSON {
        .object([
            ("epoch", .text(hexadecimal(withUnsafeBytes(of: record.epoch.bigEndian) { Array($0) }))),
            ("sequence", .count(record.sequence)), ("reason", .text(record.reason)), ("time", .time(record.time)),
        ])
    }

    /// How a piece of an agent's work ended.
    static func receipt(_ receipt: Receipt) -> JSON {
        .object([
            ("source", .text(receipt.source)), ("outcome", .text(receipt.outcome.rawValue)),
            ("found", .integer(Int64(receipt.found))), ("duration_milliseconds", .integer(receipt.milliseconds)),
            ("message", .text(receipt.message)),
        ])
    }

    /// A line of the audit log.
    static func audit(_ record: AuditRecord) -> JSON {
        .object([
            ("id", .integer(record.id)), ("time", .time(record.time)), ("who", .text(record.who)),
            ("action", .text(record.action)), ("target", .text(record.target)), ("detail", .text(record.detail)),
        ])
    }
}
