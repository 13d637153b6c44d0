import Model

/// What waits and what failed in one channel.
public struct ChannelStanding: Hashable, Sendable {
    /// The channel's name in the configuration.
    public var channel: String
    /// Notifications that wait, tried or not.
    public var waiting: Int
    /// Those of them that were tried in vain.
    public var tried: Int
    /// Notifications given up since the moment that was asked for.
    public var failed: Int
    /// What the channel said to the newest failed attempt; empty for none.
    public var lastAnswer: String

    /// A standing.
    public init(channel: String, waiting: Int, tried: Int, failed: Int, lastAnswer: String) {
        self.channel = channel
        self.waiting = waiting
        self.tried = tried
        self.failed = failed
        self.lastAnswer = lastAnswer
    }
}

/// An agent with the one figure that is asked about.
public struct AgentFigure: Hashable, Sendable {
    /// The agent's id.
    public var agent: String
    /// Its host's name.
    public var hostname: String
    /// The figure: milliseconds, envelopes.
    public var value: Int64
    /// More about it; may be empty.
    public var note: String

    /// A figure.
    public init(agent: String, hostname: String, value: Int64, note: String = "") {
        self.agent = agent
        self.hostname = hostname
        self.value = value
        self.note = note
    }
}

/// Reads what a look over the whole installation needs and no page shows. Revoked agents are left out everywhere.
public protocol DoctorReading: Sendable {
    /// Every channel with something waiting, or given up since `moment`.
    func channelStandings(since moment: Timestamp) async throws -> [ChannelStanding]
    /// Agents whose newest certificate ends before `moment`, the first to end first; the value is that time in
    /// milliseconds since 1970.
    func agentCertificates(endingBefore moment: Timestamp, limit: Int) async throws -> [AgentFigure]
    /// Agents that told of at least `least` envelopes waiting in their newest epoch, the most first.
    func agentQueues(atLeast least: Int, limit: Int) async throws -> [AgentFigure]
    /// Agents that declared envelopes lost since `moment`, the most first; the note is the newest cause.
    func declaredLosses(since moment: Timestamp, limit: Int) async throws -> [AgentFigure]
    /// Agents whose clock is at least so many milliseconds away from the collector's, the farthest first; the value
    /// is the skew, theirs minus ours.
    func skewedAgents(atLeast milliseconds: Int64, limit: Int) async throws -> [AgentFigure]
    /// How many agents are revoked.
    func revokedAgents() async throws -> Int
}
