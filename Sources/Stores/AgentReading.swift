import Model

/// An agent as stored.
public struct AgentRecord: Hashable, Sendable, Codable {
    /// Its identity, from its certificate.
    public var id: String
    /// The host's own name, as claimed at enrolment.
    public var hostname: String
    /// Its version, as last told.
    public var version: String
    /// The CI of its host; nil until its first inventory.
    public var ci: CIID?
    /// When it was heard last, by the collector's clock; nil never.
    public var heardAt: Timestamp?
    /// Its claim of the time minus ours, milliseconds.
    public var clockSkew: Int64
    /// Seconds between its heartbeats.
    public var heartbeatSeconds: Int
    /// Declared silent.
    public var isSilent: Bool
    /// Why it is refused; nil when it is not.
    public var revokedReason: String?
    /// The kernel's boot id, as last told.
    public var bootID: String
    /// Generation, as last told.
    public var generation: UInt64
    /// The tag of the policy that it has in force, as last told; `""` for none.
    public var policy: String
    /// The networks in which its host lets the collector have devices looked for, as last told.
    public var sweeps: [String]

    /// An agent.
    public init(
        id: String, hostname: String, version: String, ci: CIID?, heardAt: Timestamp?, clockSkew: Int64,
        heartbeatSeconds: Int, isSilent: Bool, revokedReason: String?, bootID: String, generation: UInt64,
        policy: String = "", sweeps: [String] = []
    ) {
        self.id = id
        self.hostname = hostname
        self.version = version
        self.ci = ci
        self.heardAt = heardAt
        self.clockSkew = clockSkew
        self.heartbeatSeconds = heartbeatSeconds
        self.isSilent = isSilent
        self.revokedReason = revokedReason
        self.bootID = bootID
        self.generation = generation
        self.policy = policy
        self.sweeps = sweeps
    }
}

/// A certificate that was issued to an agent.
public struct CertificateRecord: Hashable, Sendable {
    /// Its serial number in lower-case hexadecimal.
    public var serial: String
    /// When it was issued, by the collector's clock.
    public var issuedAt: Timestamp
    /// When it ends.
    public var notAfter: Timestamp

    /// A certificate.
    public init(serial: String, issuedAt: Timestamp, notAfter: Timestamp) {
        self.serial = serial
        self.issuedAt = issuedAt
        self.notAfter = notAfter
    }
}

/// The ledger of one agent's epoch: `enqueued − stored − refused − declared gaps` must be what is still in its spool.
public struct LedgerRecord: Hashable, Sendable, Codable {
    /// The agent.
    public var agent: String
    /// The epoch.
    public var epoch: UInt64
    /// Envelopes written to the agent's spool, as last told.
    public var enqueued: UInt64
    /// Envelopes the agent saw acknowledged, as last told.
    public var acknowledged: UInt64
    /// Frames stored here.
    public var stored: UInt64
    /// Frames refused here.
    public var refused: UInt64
    /// Frames the agent declared lost.
    public var gaps: UInt64
    /// Highest sequence stored or refused.
    public var highest: UInt64

    /// A ledger.
    public init(
        agent: String, epoch: UInt64, enqueued: UInt64, acknowledged: UInt64, stored: UInt64, refused: UInt64,
        gaps: UInt64, highest: UInt64
    ) {
        self.agent = agent
        self.epoch = epoch
        self.enqueued = enqueued
        self.acknowledged = acknowledged
        self.stored = stored
        self.refused = refused
        self.gaps = gaps
        self.highest = highest
    }
}

/// Reads what the collector knows of its agents.
public protocol AgentReading: Sendable {
    /// The agent with this id.
    func agent(_ id: String) async throws -> AgentRecord?
    /// Agents that match, in order of id.
    func agents(_ query: AgentQuery) async throws -> [AgentRecord]
    /// The certificates that were issued to an agent last, newest first, at most `limit`.
    func newestCertificates(of agent: String, limit: Int) async throws -> [CertificateRecord]
    /// Those of `sequences` of an epoch that are in the ledger already (stored or refused).
    func known(agent: String, epoch: UInt64, sequences: [UInt64]) async throws -> Set<UInt64>
    /// The ledger of every epoch of an agent.
    func ledger(of agent: String) async throws -> [LedgerRecord]
    /// The newest receipt of each source of an agent.
    func receipts(of agent: String) async throws -> [Receipt]
    /// Whether a token with this hash may be used at `moment`: nil when it does not exist, else why not, else "".
    func tokenProblem(hash: String, at moment: Timestamp) async throws -> String?
    /// Whether a certificate with this serial number was issued to the agent and the agent is not revoked.
    func isAccepted(serial: String, agent: String) async throws -> Bool
    /// The scope of an API token that holds at `moment`; nil for none.
    func apiToken(hash: String, at moment: Timestamp) async throws -> (name: String, scope: String)?
}

/// Stores samples, apart from the CMDB, in dated files.
public protocol SampleStoring: Sendable {
    /// Stores one report; a second call with the same agent, epoch and sequence changes nothing. Throws
    /// `StoreError.notFound` when an index is not in the epoch's dictionary.
    func store(_ report: StoredSamples) async throws
    /// Values of a series of a CI between two moments, oldest first, at most `limit`.
    func values(
        of ci: CIID, series: SeriesName, from: Timestamp, to: Timestamp, limit: Int
    ) async throws -> [(time: Timestamp, value: Double)]
    /// Raw values of every series of a CI between two moments, oldest first, from the newest `reports` reports.
    func values(
        of ci: CIID, from: Timestamp, to: Timestamp, reports: Int
    ) async throws -> [SeriesName: [(time: Timestamp, value: Double)]]
    /// The series known for a CI.
    func series(of ci: CIID) async throws -> [SeriesName]
}

/// Keeps what the numbers of series mean in an agent's epoch.
public protocol SampleDictionaryStoring: Sendable {
    /// The series of an epoch by number.
    func dictionary(agent: String, epoch: UInt64) async throws -> [UInt32: SeriesName]
    /// Adds series to an epoch durably; a number that is there already keeps its series.
    func introduce(_ series: [UInt32: SeriesName], agent: String, epoch: UInt64) async throws
}

/// Samples of one envelope, ready to be stored.
public struct StoredSamples: Sendable {
    /// The agent that sent them.
    public var agent: String
    /// Its epoch.
    public var epoch: UInt64
    /// The envelope's sequence.
    public var sequence: UInt64
    /// The CI they are about.
    public var ci: CIID
    /// When the collector took them.
    public var receivedAt: Timestamp
    /// The values by series.
    public var values: [Sample]

    /// Samples.
    public init(
        agent: String, epoch: UInt64, sequence: UInt64, ci: CIID, receivedAt: Timestamp, values: [Sample]
    ) {
        self.agent = agent
        self.epoch = epoch
        self.sequence = sequence
        self.ci = ci
        self.receivedAt = receivedAt
        self.values = values
    }
}
