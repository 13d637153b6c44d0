import LinuxSystem
import Model
import Stores

/// A look over the whole installation from the collector's side: what is in order, what is not, and what to do.
public struct Doctor: Sendable {
    /// What the doctor reads.
    public typealias Store = DoctorReading & FleetFigureReading & FeedReading

    /// What a finding is about.
    public enum Area: String, Sendable, CaseIterable {
        /// Certificates of CA, collector and agents.
        case certificates
        /// Clocks of agents.
        case clocks
        /// What waits in agents' spools, and what they lost.
        case queues
        /// Room for database and samples.
        case disk
        /// Agents that are silent or revoked.
        case agents
        /// Work of agents that failed.
        case receipts
        /// How far alarms, incidents and relations are behind.
        case pipeline
        /// Ways to reach people.
        case channels
        /// What agents are to look at.
        case policies
    }

    /// How bad a finding is.
    public enum Level: String, Sendable, CaseIterable {
        /// In order.
        case ok
        /// Becomes a fault if nobody acts.
        case warning
        /// A fault.
        case error
    }

    /// One thing looked at.
    public struct Finding: Hashable, Sendable {
        /// What it is about.
        public var area: Area
        /// How bad it is.
        public var level: Level
        /// What was found, in one line.
        public var text: String
        /// What to do; empty where nothing is to be done.
        public var next: String

        /// A finding.
        public init(_ area: Area, _ level: Level, _ text: String, next: String = "") {
            self.area = area
            self.level = level
            self.text = text
            self.next = next
        }
    }

    /// A certificate of the collector itself.
    public struct Certificate: Sendable {
        /// What it is: `fleet CA`, `server certificate`.
        public var name: String
        /// When it ends.
        public var notAfter: Timestamp
        /// From how many days before its end on it is a warning.
        public var warningDays: Int64
        /// What to do then.
        public var next: String

        /// A certificate.
        public init(name: String, notAfter: Timestamp, warningDays: Int64, next: String) {
            self.name = name
            self.notAfter = notAfter
            self.warningDays = warningDays
            self.next = next
        }
    }

    let store: any Store
    /// The collector's own certificates, as they are now.
    public let certificates: @Sendable () -> [Certificate]
    let stateDirectory: String
    let channels: [String]
    let policies: PolicyService?
    /// The collector's wall clock.
    public let now: @Sendable () -> Timestamp

    /// How many agents or receipts of one kind are named; the rest is counted.
    static let named = 10
    static let dayMilliseconds: Int64 = 86_400_000

    /// A doctor for the collector that keeps its state in `stateDirectory` and tells through `channels`.
    public init(
        store: any Store, certificates: @escaping @Sendable () -> [Certificate], stateDirectory: String,
        channels: [String], policies: PolicyService? = nil, now: @escaping @Sendable () -> Timestamp
    ) {
        self.policies = policies
        self.store = store
        self.certificates = certificates
        self.stateDirectory = stateDirectory
        self.channels = channels
        self.now = now
    }

    /// Everything that was looked at; each area has at least one finding.
    public func findings() async throws -> [Finding] {
        let agents = try await certificateFindings() + clockFindings() + queueFindings()
        let room = await BlockingThread.run { diskFindings() }
        return try await agents + room + silenceFindings() + receiptFindings() + pipelineFindings()
            + channelFindings() + policyFindings()
    }

    /// At most ``named`` findings, and one that counts the others.
    func limited<Item>(_ items: [Item], _ area: Area, _ level: Level, _ finding: (Item) -> Finding) -> [Finding] {
        let findings = items.prefix(Doctor.named).map(finding)
        guard items.count > Doctor.named else { return findings }
        return findings + [Finding(area, level, "and \(items.count - Doctor.named) or more like these")]
    }
}
