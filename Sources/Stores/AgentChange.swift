import Model

/// A change to what the collector knows of its agents.
public enum AgentChange: Sendable {
    /// A join token was made; only its SHA-256 is kept.
    case addToken(hash: String, expires: Timestamp, note: String, by: String)
    /// A token was used; refused with a conflict when it was used before.
    case useToken(hash: String, agent: String)
    /// An agent came into being.
    case addAgent(id: String, hostname: String, machineID: String, version: String)
    /// A certificate was issued to an agent; `serial` is its serial number in hexadecimal.
    case addCertificate(serial: String, agent: String, notAfter: Timestamp)
    /// No certificate of the agent is accepted any more.
    case revoke(agent: String, reason: String, by: String)
    /// The CI of the agent's host.
    case setHost(agent: String, ci: CIID)
    /// What the agent said of itself.
    case setStatus(agent: String, version: String, bootID: String, generation: UInt64, heartbeatSeconds: Int)
    /// The tag of the policy that the agent has in force, `""` for none; and the networks in which its host lets the collector have
    /// devices looked for.
    case setPolicy(agent: String, tag: String, sweeps: [String] = [])
    /// The agent's own counters of an epoch (the sender's half of the ledger).
    case setCounters(agent: String, epoch: UInt64, enqueued: UInt64, acknowledged: UInt64, dropped: UInt64)
    /// When the agent was heard last, by the collector's clock; `clockSkew` is its claim minus ours in milliseconds.
    case heard(agent: String, at: Timestamp, clockSkew: Int64)
    /// The agent was declared silent, or heard again.
    case setSilent(agent: String, silent: Bool)
    /// Dedupe key of one frame; refused with a conflict when it is there already.
    case ledger(agent: String, epoch: UInt64, sequence: UInt64)
    /// A frame was refused and acknowledged.
    case refused(agent: String, epoch: UInt64, sequence: UInt64, reason: String)
    /// The agent declared that a span never comes.
    case gap(agent: String, epoch: UInt64, first: UInt64, last: UInt64, count: UInt64, cause: String)
    /// Nothing of an epoch up to `through` comes again, as the agent says, which saw `acknowledged` envelopes acknowledged
    /// and dropped `dropped`: what the ledger lacks there was acknowledged by a later state of this store, which a backup
    /// replaced, and becomes a gap of the cause `collector`.
    case settled(agent: String, epoch: UInt64, through: UInt64, acknowledged: UInt64, dropped: UInt64)
    /// How a piece of the agent's work ended, newest per source.
    case receipt(agent: String, receipt: Receipt)
    /// An API token for people and programs; only its SHA-256 is kept.
    case addAPIToken(hash: String, name: String, scope: String, expires: Timestamp)
    /// Somebody did something, for the audit log.
    case audit(who: String, action: String, target: String, detail: String)
}
