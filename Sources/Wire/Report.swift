import Model

/// What one envelope says.
public enum Report: Hashable, Sendable {
    /// A part of the inventory of a subject.
    case inventory(InventoryReport)
    /// Values at one time.
    case samples(SampleReport)
    /// What checks found.
    case checks([CheckResult])
    /// How pieces of work ended.
    case receipts([Receipt])
    /// Reports that were dropped before they could be sent.
    case gap(GapReport)
    /// Who the agent is and how its queue stands; sent at start and each heartbeat interval.
    case status(AgentStatus)
    /// What devices told by themselves, and what was seen of them.
    case events([DeviceEvent])
    /// What was found in networks.
    case discoveries([DiscoveryFinding])
}

/// One section of one subject, whole, as a difference, or as its digest alone.
public struct InventoryReport: Hashable, Sendable, Codable {
    /// Whom it is about: ``Subject/host`` or ``Subject/device(target:)``.
    public var subject: Subject
    /// The address a device was asked at (`192.0.2.1`); nil for the host.
    public var address: String?
    /// Which section.
    public var section: SectionName
    /// Digest of the whole section as it is now (``SectionDigest``).
    public var digest: SHA256Digest
    /// False when reading was cut short: then nothing that is missing vanishes.
    public var isComplete: Bool
    /// The content.
    public var body: InventoryBody

    /// A report.
    public init(
        subject: Subject, address: String? = nil, section: SectionName, digest: SHA256Digest, isComplete: Bool,
        body: InventoryBody
    ) {
        self.subject = subject
        self.address = address
        self.section = section
        self.digest = digest
        self.isComplete = isComplete
        self.body = body
    }
}

/// How much of a section an inventory report carries.
public enum InventoryBody: Hashable, Sendable {
    /// Nothing changed since the section with this report's digest; the collector asks if it does not know that one.
    case unchanged
    /// All items, or part `part` of `parts` of them (counted from 1). Takes effect when all parts with one digest
    /// have come.
    case full(items: [SectionItem], part: Int, parts: Int)
    /// What changed since the section whose digest is `base`.
    case delta(base: SHA256Digest, upserts: [SectionItem], removals: [String])
}

extension InventoryBody: Codable {
    private enum Key: String, CodingKey { case kind, items, part, parts, base, upserts, removals }

    /// Reads `{"kind": "full" | "delta" | "unchanged", …}`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(String.self, forKey: .kind) {
        case "unchanged": self = .unchanged
        case "full":
            self = .full(
                items: try container.decode([SectionItem].self, forKey: .items),
                part: try container.decode(Int.self, forKey: .part),
                parts: try container.decode(Int.self, forKey: .parts))
        case "delta":
            self = .delta(
                base: try container.decode(SHA256Digest.self, forKey: .base),
                upserts: try container.decode([SectionItem].self, forKey: .upserts),
                removals: try container.decode([String].self, forKey: .removals))
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .kind, in: container, debugDescription: "kind must be full, delta or unchanged")
        }
    }

    /// Writes `{"kind": …}` with the fields of that kind.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .unchanged: try container.encode("unchanged", forKey: .kind)
        case .full(let items, let part, let parts):
            try container.encode("full", forKey: .kind)
            try container.encode(items, forKey: .items)
            try container.encode(part, forKey: .part)
            try container.encode(parts, forKey: .parts)
        case .delta(let base, let upserts, let removals):
            try container.encode("delta", forKey: .kind)
            try container.encode(base, forKey: .base)
            try container.encode(upserts, forKey: .upserts)
            try container.encode(removals, forKey: .removals)
        }
    }
}

/// Values of many series at one time, packed: index into a dictionary that holds for one agent and epoch.
public struct SampleReport: Hashable, Sendable {
    /// Whom the values are about.
    public var subject: Subject
    /// Series named for the first time in this epoch, by index.
    public var introduced: [IndexedSeries]
    /// The values, ascending by index.
    public var values: [IndexedValue]

    /// A report.
    public init(subject: Subject, introduced: [IndexedSeries], values: [IndexedValue]) {
        self.subject = subject
        self.introduced = introduced
        self.values = values
    }
}

/// A dictionary entry.
public struct IndexedSeries: Hashable, Sendable {
    /// The number that stands for the series in this epoch.
    public var index: UInt32
    /// The series.
    public var series: SeriesName

    /// An entry.
    public init(index: UInt32, series: SeriesName) {
        self.index = index
        self.series = series
    }
}

/// A value of the series numbered `index`.
public struct IndexedValue: Hashable, Sendable {
    /// The dictionary's number.
    public var index: UInt32
    /// The value in the metric's unit.
    public var value: Double

    /// A value.
    public init(index: UInt32, value: Double) {
        self.index = index
        self.value = value
    }
}

/// A span of reports that will never come (promise G4).
public struct GapReport: Hashable, Sendable, Codable {
    /// Why: `bytes` or `age` (spool bound), `epoch` (an earlier spool was closed), `corrupt` (unreadable records),
    /// `refused` (the collector could never read it); `collector` is the collector's own: acknowledged here before an
    /// older state was restored.
    public var cause: String
    /// The epoch the span belongs to.
    public var epoch: UInt64
    /// First sequence lost.
    public var first: UInt64
    /// Last sequence lost.
    public var last: UInt64
    /// How many envelopes.
    public var count: UInt64

    /// A gap.
    public init(cause: String, epoch: UInt64, first: UInt64, last: UInt64, count: UInt64) {
        self.cause = cause
        self.epoch = epoch
        self.first = first
        self.last = last
        self.count = count
    }
}

/// What the agent says of itself.
public struct AgentStatus: Hashable, Sendable {
    /// The agent's version.
    public var version: String
    /// The kernel's boot id: two live ones on one identity are a clone.
    public var bootID: String
    /// Counted up by each start that found its state directory; kept for clone detection.
    public var generation: UInt64
    /// Seconds between heartbeats: the collector calls the agent silent after three of them.
    public var heartbeatSeconds: Int
    /// Envelopes written to the spool in this epoch.
    public var enqueued: UInt64
    /// Envelopes acknowledged in this epoch.
    public var acknowledged: UInt64
    /// Envelopes dropped and declared in gaps in this epoch.
    public var dropped: UInt64
    /// Bytes waiting in the spool.
    public var spoolBytes: Int64
    /// Every envelope of this epoch up to this one was acknowledged or dropped and declared, and never comes again; nil
    /// from older agents.
    public var settled: UInt64?
    /// The tag of the collector's policy that is in force, ``AgentPolicy/tag(of:)``; nil where there is none.
    public var policy: String?
    /// Networks in which the host lets the collector have it look for devices, as prefix and length; at most ``sweepLimit``.
    public var sweeps: [String]

    /// Networks in ``sweeps``.
    public static let sweepLimit = 32

    /// A status.
    public init(
        version: String, bootID: String, generation: UInt64, heartbeatSeconds: Int, enqueued: UInt64,
        acknowledged: UInt64, dropped: UInt64, spoolBytes: Int64, settled: UInt64? = nil, policy: String? = nil,
        sweeps: [String] = []
    ) {
        self.version = version
        self.bootID = bootID
        self.generation = generation
        self.heartbeatSeconds = heartbeatSeconds
        self.enqueued = enqueued
        self.acknowledged = acknowledged
        self.dropped = dropped
        self.spoolBytes = spoolBytes
        self.settled = settled
        self.policy = policy
        self.sweeps = sweeps
    }
}
