import CollectorServices
import Model
import Stores
import Wire

/// The word for how an agent stands.
enum AgentState: String, CaseIterable, Sendable {
    case live, silent, revoked, new

    init(_ record: AgentRecord) {
        if record.revokedReason != nil {
            self = .revoked
        } else if record.isSilent {
            self = .silent
        } else {
            self = record.heardAt == nil ? .new : .live
        }
    }
}

extension Shape where Value == AgentRecord {
    /// An agent.
    static var agent: Shape {
        .object(
            "Agent",
            [
                Member("id", .text) { $0.id }, Member("hostname", .text) { $0.hostname },
                Member("state", .word) { AgentState($0) }, Member("version", .text) { $0.version },
                Member("ci", Shape<Int64>.integer.orNull, "The CI of its host.") { $0.ci?.rawValue },
                Member("heard_at", Shape<Timestamp>.time.orNull) { $0.heardAt },
                Member("clock_skew_milliseconds", .integer) { $0.clockSkew },
                Member("heartbeat_seconds", .number) { $0.heartbeatSeconds },
                Member("boot_id", .text) { $0.bootID }, Member("generation", .count) { $0.generation },
                Member("revoked_reason", Shape<String>.text.orNull) { $0.revokedReason },
            ])
    }
}

extension LedgerRecord {
    /// What is accounted for here.
    fileprivate var accounted: UInt64 { stored &+ refused &+ gaps }
}

extension Shape where Value == LedgerRecord {
    /// The ledger of an epoch.
    static var ledger: Shape {
        .object(
            "EpochLedger",
            [
                Member("epoch", .epoch) { $0.epoch },
                Member("enqueued", .count, "As the agent told last.") { $0.enqueued },
                Member("acknowledged", .count, "As the agent told last.") { $0.acknowledged },
                Member("stored", .count) { $0.stored }, Member("refused", .count) { $0.refused },
                Member("declared_gaps", .count) { $0.gaps },
                // The agent's own figures are as old as its last status; what came since would make this negative.
                Member("waiting", .count) { $0.enqueued > $0.accounted ? $0.enqueued - $0.accounted : 0 },
                Member("highest_sequence", .count) { $0.highest },
                Member("missing", .count) { $0.highest > $0.accounted ? $0.highest - $0.accounted : 0 },
            ])
    }
}

extension Shape where Value == GapRecord {
    /// A span declared lost.
    static var gap: Shape {
        .object(
            "Gap",
            [
                Member("epoch", .epoch) { $0.epoch }, Member("first_sequence", .count) { $0.first },
                Member("last_sequence", .count) { $0.last }, Member("count", .count) { $0.count },
                Member("cause", .text) { $0.cause }, Member("told_at", .time) { $0.time },
            ])
    }
}

extension Shape where Value == RefusalRecord {
    /// A frame that was refused.
    static var refusal: Shape {
        .object(
            "Refusal",
            [
                Member("epoch", .epoch) { $0.epoch }, Member("sequence", .count) { $0.sequence },
                Member("reason", .text) { $0.reason }, Member("time", .time) { $0.time },
            ])
    }
}

/// What an agent says it sent, and what is here; long lists begin here and go on in listings of their own.
struct AccountView: Sendable {
    let agent: AgentRecord
    let epochs: Page<LedgerRecord>
    let gaps: Page<GapRecord>
    let refusals: Page<RefusalRecord>
}

extension Shape where Value == AccountView {
    /// The ledger of an agent.
    static var account: Shape {
        .object(
            "AgentLedger",
            [
                Member("agent", .text) { $0.agent.id }, Member("hostname", .text) { $0.agent.hostname },
                Member("epochs", Shape<LedgerRecord>.ledger.list, "Newest first.") { $0.epochs.items },
                Member("gaps", Shape<GapRecord>.gap.list, "Newest first.") { $0.gaps.items },
                Member("refusals", Shape<RefusalRecord>.refusal.list, "Newest first.") { $0.refusals.items },
                Member("next", .accountContinuations, "Where the lists above go on.") { $0 },
            ])
    }

    private static var accountContinuations: Shape {
        .object(
            "LedgerContinuations",
            [
                Member("epochs", Shape<String>.text.orNull, "after for /v1/agents/{agent}/epochs") { $0.epochs.next },
                Member("gaps", Shape<String>.text.orNull, "after for /v1/agents/{agent}/gaps") { $0.gaps.next },
                Member("refusals", Shape<String>.text.orNull, "after for /v1/agents/{agent}/refusals") {
                    $0.refusals.next
                },
            ])
    }
}

extension Shape where Value == Receipt {
    /// How a piece of an agent's work ended.
    static var receipt: Shape {
        let outcomes: [ReceiptOutcome] = [.success, .noData, .failure, .truncated]
        let outcome = Shape<ReceiptOutcome>(schema: .words(outcomes.map(\.rawValue))) { .text($0.rawValue) }
        return .object(
            "Receipt",
            [
                Member("source", .text) { $0.source }, Member("outcome", outcome) { $0.outcome },
                Member("found", .number) { $0.found }, Member("duration_milliseconds", .integer) { $0.milliseconds },
                Member("message", .text) { $0.message },
            ])
    }
}

extension Shape where Value == AuditRecord {
    /// A line of the audit log.
    static var audit: Shape {
        .object(
            "AuditEntry",
            [
                Member("id", .integer) { $0.id }, Member("time", .time) { $0.time }, Member("who", .text) { $0.who },
                Member("action", .text) { $0.action }, Member("target", .text) { $0.target },
                Member("detail", .text) { $0.detail },
            ])
    }
}

extension Shape where Value == UserRecord {
    /// A user; whether there is a password is told, nothing of it.
    static var user: Shape {
        .object(
            "User",
            [
                Member("name", .text) { $0.name }, Member("role", .word) { $0.role },
                Member("disabled", .flag) { $0.isDisabled },
                Member("has_password", .flag) { $0.passwordHash != nil },
                Member("language", Shape<String>.text.orNull) { $0.language },
                Member("created_at", .time) { $0.createdAt },
                Member("signed_in_at", Shape<Timestamp>.time.orNull) { $0.signedInAt },
            ])
    }
}

extension JSON {
    /// A 64-bit number in 16 hexadecimal digits.
    static func epoch(_ number: UInt64) -> JSON {
        .text(hexadecimal(withUnsafeBytes(of: number.bigEndian) { Array($0) }))
    }
}
