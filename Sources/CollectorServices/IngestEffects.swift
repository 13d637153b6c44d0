import Model
import Stores
import Wire

/// Where a frame came from.
struct FrameOrigin {
    let agent: String
    let epoch: UInt64
    let frame: Frame
    let now: Timestamp
    /// Whether newer frames of the agent came before this one.
    var isOvertaken = false

    /// The agent was heard; its clock is a claim, and the difference to ours is shown.
    var heard: AgentChange {
        .heard(agent: agent, at: now, clockSkew: frame.claimedTime.milliseconds(since: now))
    }

    /// What every stored frame changes.
    var ledgerChanges: [AgentChange] { [.ledger(agent: agent, epoch: epoch, sequence: frame.sequence), heard] }
}

/// What an envelope changes, and what follows once that is committed.
struct IngestEffects {
    /// The changes, without ledger key.
    var set = ChangeSet()
    /// What the collector lacks.
    var want: Want?
    /// Samples to hand on.
    var arrived: (ci: CIID, values: [Sample])?
    /// Why the frame is not taken; then nothing else counts but `want`.
    var refusal: String?

    init(agents: [AgentChange] = []) { set.agents = agents }

    init(refusal: String, want: Want? = nil) {
        self.refusal = refusal
        self.want = want
    }
}
