import Model
import Stores

/// What one source says about one section of one subject, put together from however it travelled.
public struct SectionStatement: Sendable {
    /// Whom it is about.
    public enum Subject: Hashable, Sendable {
        /// The agent's own host; `name` is used until the host tells its own.
        case host(name: String)
        /// A device by its target's name, probed at `address`.
        case device(target: String, address: String?)
    }

    /// Which kind of agent reports.
    public enum Reporter: Hashable, Sendable {
        /// Our own.
        case agent
        /// One of GLPI.
        case glpi
    }

    /// The agent that reports.
    public var agent: String
    /// Of which kind it is.
    public var reporter: Reporter
    /// Whom it is about.
    public var subject: Subject
    /// Which section.
    public var section: SectionName
    /// All items that were found.
    public var items: [SectionItem]
    /// False when reading was cut short: what is missing is then not gone.
    public var isComplete: Bool
    /// Digest of `items` in hexadecimal.
    public var digest: String
    /// The agent's clock: a claim.
    public var claimedTime: Timestamp

    /// A statement.
    public init(
        agent: String, reporter: Reporter = .agent, subject: Subject, section: SectionName, items: [SectionItem],
        isComplete: Bool, digest: String, claimedTime: Timestamp
    ) {
        self.agent = agent
        self.reporter = reporter
        self.subject = subject
        self.section = section
        self.items = items
        self.isComplete = isComplete
        self.digest = digest
        self.claimedTime = claimedTime
    }

    /// The kind of source: `agent` for the host's own word, `snmp` for a probe's; `glpi` and `glpi-snmp` where an agent of GLPI
    /// says it.
    public var sourceKind: String {
        switch (reporter, subject) {
        case (.agent, .host): "agent"
        case (.agent, .device): "snmp"
        case (.glpi, .host): "glpi"
        case (.glpi, .device): "glpi-snmp"
        }
    }

    /// `host` or `device:TARGET`.
    public var scope: String {
        switch subject {
        case .host: "host"
        case .device(let target, _): "device:\(CanonicalText.of(target))"
        }
    }

    /// The class of a CI made for the subject.
    public var className: CIClass {
        if case .host = subject { .host } else { .device }
    }

    /// Whether its items are machines of their own.
    private var hasDependents: Bool {
        if case .dependents = SectionCatalogue.use(of: section) { true } else { false }
    }

    /// Those machines.
    var dependents: [DependentStatement] { hasDependents ? items.map { DependentStatement($0) } : [] }

    /// What to ask the store before deciding.
    public var question: ReconcileQuestion {
        ReconcileQuestion(
            sourceKind: sourceKind, sourceName: agent, scope: scope, section: section,
            childPrefix: SectionCatalogue.childPrefix(of: section),
            keys: IdentityKeys.stated(by: self) + dependents.flatMap(\.keys), hasDependents: hasDependents)
    }
}
