import LinuxSystem
import Model
import Outbound
import TOML

/// One kind of look at a thing on or near the host.
///
/// A kind owns its settings: it reads them from its table, refuses wrong ones, and knows whom it speaks for when the
/// configuration does not say. What it keeps between runs goes into the memory that its context has for it.
public protocol HostCheck: Sendable {
    /// The word in `type = "…"`.
    static var kind: String { get }

    /// Reads the kind's own settings; the caller refuses keys nobody asked for.
    init(settings: TOMLTable) throws(TOMLError)

    /// Whom it speaks for without a `for` in the configuration.
    var defaultSubject: Subject { get }

    /// Why this very host refuses it though its settings are right; nil where it does not.
    var flawHere: CheckFlaw? { get }

    /// Looks once; ends within `context.timeout` or soon after. Never throws: what went wrong is the finding.
    func run(_ context: CheckContext) async -> CheckFinding
}

extension HostCheck {
    /// Most kinds run everywhere.
    public var flawHere: CheckFlaw? { nil }
}

/// Why a host refuses a check: the key, what was found there, and what is accepted.
public struct CheckFlaw: Hashable, Sendable {
    /// The setting.
    public var key: String
    /// What was found.
    public var found: String
    /// What is accepted.
    public var accepted: String
}

/// What a check may use.
public struct CheckContext: Sendable {
    /// How long one run may take.
    public var timeout: Duration
    /// The one client for HTTP.
    public var outbound: OutboundClient
    /// Where `/proc` lies: `/`, or the root of a recorded machine.
    public var root: String
    /// Whom to ask for what only root can read; nil for root itself and for recorded machines.
    public var helper: HelperClient?
    /// What the check keeps over restarts; nil where nothing is kept.
    public var memory: CheckMemory?

    /// A context.
    public init(
        timeout: Duration, outbound: OutboundClient, root: String = "/", helper: HelperClient? = nil,
        memory: CheckMemory? = nil
    ) {
        self.timeout = timeout
        self.outbound = outbound
        self.root = root
        self.helper = helper
        self.memory = memory
    }
}

/// What one run found.
public struct CheckFinding: Hashable, Sendable {
    /// How the thing is.
    public var state: CheckState
    /// What was seen and expected, in one line with control bytes escaped.
    public var message: String
    /// What was measured on the way; the definition adds the check's name to each.
    public var samples: [Sample]

    /// A finding.
    public init(_ state: CheckState, _ message: String, samples: [Sample] = []) {
        self.state = state
        self.message = message
        self.samples = samples
    }
}
