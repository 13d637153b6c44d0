import Model

/// Who takes care of something of which one agent alone takes care, and who did before.
public struct Lease: Hashable, Sendable, Codable {
    /// An agent that had it.
    public struct Past: Hashable, Sendable, Codable {
        /// The agent's id.
        public var agent: String
        /// Until when it had it last.
        public var until: Timestamp
        /// How often within a day it had lost something of the kind because it was silent; 0 where it lost it for another reason.
        public var silences: Int

        /// An agent that had it until `until`.
        public init(agent: String, until: Timestamp, silences: Int = 0) {
            self.agent = agent
            self.until = until
            self.silences = silences
        }
    }

    /// The agent that has it; nil for nobody.
    public var holder: String?
    /// Counted up each time another agent gets it: what is said under a lower number is old.
    public var fence: Int64
    /// Since when the holder has it; nil for nobody.
    public var since: Timestamp?
    /// Who had it before, each once, the last at the end; at most ``pastLimit``.
    public var past: [Past]

    /// Agents in ``past``.
    public static let pastLimit = 16

    /// A lease; without arguments one that nobody ever had.
    public init(holder: String? = nil, fence: Int64 = 0, since: Timestamp? = nil, past: [Past] = []) {
        self.holder = holder
        self.fence = fence
        self.since = since
        self.past = past
    }

    /// Whether the agent had it and has it no more.
    public func wasLost(by agent: String) -> Bool { holder != agent && past.contains { $0.agent == agent } }

    /// Goes to another agent, or to nobody; `silences` is above 0 when the holder loses it because it is silent (``Past/silences``).
    public mutating func pass(to agent: String?, at now: Timestamp, silences: Int = 0) {
        guard agent != holder else { return }
        if let holder {
            past.removeAll { $0.agent == holder }
            past.append(Past(agent: holder, until: now, silences: silences))
            past.removeFirst(max(past.count - Self.pastLimit, 0))
        }
        holder = agent
        since = agent == nil ? nil : now
        if agent != nil { fence += 1 }
    }
}
