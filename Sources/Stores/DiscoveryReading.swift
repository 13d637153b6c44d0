import Model

/// Where something that was found in a network stands.
public enum DiscoveryState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Nobody has decided.
    case waiting
    /// It is to be probed, as a device of the agent that reaches it.
    case accepted
    /// It is of no interest, also when it is seen again.
    case ignored
    /// It is a CI that is known.
    case linked
}

/// An agent that sees a thing.
public struct DiscoverySight: Hashable, Sendable, Codable {
    /// The agent's id.
    public var agent: String
    /// Where it finds the thing.
    public var address: String
    /// The credential that the thing takes of this agent, by name; nil where it takes none.
    public var credential: String?
    /// When it was seen last.
    public var at: Timestamp
    /// The policy whose agents share the networks in which its address lies: to them one address is one thing. Nil for an address that
    /// may be another thing's to any other agent.
    public var site: String?

    /// A sight.
    public init(agent: String, address: String, credential: String?, at: Timestamp, site: String? = nil) {
        self.agent = agent
        self.address = address
        self.credential = credential
        self.at = at
        self.site = site
    }

    /// Whose addresses these are: a site's, else the agent's.
    public var scope: String { site.map { "site/\($0)" } ?? agent }
}

/// Something that was found, as stored.
public struct DiscoveryRecord: Hashable, Sendable, Codable {
    /// Its number.
    public var id: Int64
    /// Where it stands.
    public var state: DiscoveryState
    /// What is known of it.
    public var finding: DiscoveryFinding
    /// Agents that see it, the one that saw it first before the others.
    public var sights: [DiscoverySight]
    /// When it was seen first.
    public var firstSeen: Timestamp
    /// When it was seen last.
    public var lastSeen: Timestamp
    /// The CI it is; nil while that is not known.
    public var ci: CIID?
    /// Who decided: a person, or `collector` for what is linked by itself; nil while nobody did.
    public var decidedBy: String?
    /// When that was.
    public var decidedAt: Timestamp?
    /// Why, in one line.
    public var note: String
    /// The name under which it is probed; nil where it is not.
    public var device: String?
    /// The agent that probes it; nil where none does.
    public var holder: String?
    /// Counted up each time another agent probes it.
    public var fence: Int64
    /// Since when the holder has it; nil where none has, and where it is not known.
    public var heldSince: Timestamp?
    /// Agents that probed it before.
    public var past: [Lease.Past]?
    /// Counted up by each change.
    public var version: Int64

    /// Something that was found just now and that nobody decided about.
    public init(id: Int64, finding: DiscoveryFinding, sights: [DiscoverySight], at now: Timestamp) {
        self.id = id
        self.finding = finding
        self.sights = sights
        state = .waiting
        (firstSeen, lastSeen) = (now, now)
        note = ""
        (fence, version) = (0, 0)
    }

    /// Which agent probes it, and which did before.
    public var lease: Lease {
        get { Lease(holder: holder, fence: fence, since: heldSince, past: past ?? []) }
        set {
            (holder, fence, heldSince) = (newValue.holder, newValue.fence, newValue.since)
            past = newValue.past.isEmpty ? nil : newValue.past
        }
    }

    /// Its name, else its address, else its MAC address.
    public var label: String { finding.name ?? finding.addresses.first ?? finding.macs.first ?? "?" }
}

/// A change to what was found.
public enum DiscoveryChange: Sendable {
    /// Inserts or replaces it; `keys` tell it from all others. The store counts the version up.
    case put(DiscoveryRecord, keys: [IdentityKey])
    /// Forgets it.
    case remove(id: Int64)
}

/// Which findings a reader asks for.
public struct DiscoveryQuery: Hashable, Sendable {
    /// Only in these states.
    public var states: Set<DiscoveryState>
    /// Behind the one with this number; nil from the newest.
    public var after: Int64?
    /// How many at most.
    public var limit: Int

    /// A query.
    public init(states: Set<DiscoveryState> = [.waiting], after: Int64? = nil, limit: Int = 100) {
        self.states = states
        self.after = after
        self.limit = limit
    }
}

/// Reads what was found.
public protocol DiscoveryReading: Sendable {
    /// What has this number.
    func discovery(id: Int64) async throws -> DiscoveryRecord?
    /// Findings that match, newest first.
    func discoveries(_ query: DiscoveryQuery) async throws -> [DiscoveryRecord]
    /// Whom each of some keys belongs to.
    func discoveries(withKeys keys: [IdentityKey]) async throws -> [IdentityKey: DiscoveryRecord]
    /// Accepted ones that an agent probes, in order of number.
    func discoveries(heldBy agent: String) async throws -> [DiscoveryRecord]
    /// Accepted ones that are probed under a name, in order of number.
    func discoveries(probedAs device: String) async throws -> [DiscoveryRecord]
    /// How many are in each state.
    func discoveryCounts() async throws -> [DiscoveryState: Int]
}
