import Model

/// A part of a policy's networks, and which of its agents looks through it.
public struct SweepLease: Hashable, Sendable {
    /// The policy, by name.
    public var policy: String
    /// The part.
    public var network: IPNetwork
    /// Who has it.
    public var lease: Lease

    /// A part of a policy's networks.
    public init(policy: String, network: IPNetwork, lease: Lease = Lease()) {
        self.policy = policy
        self.network = network
        self.lease = lease
    }
}

/// A change to who looks through which network.
public enum SweepChange: Sendable {
    /// Inserts or replaces it; refused with a conflict unless its number is `fence` before (0 for one that is not there).
    case put(SweepLease, after: Int64)
    /// Nobody is to look through it any more.
    case remove(policy: String, network: IPNetwork)
}

/// Reads who looks through which network.
public protocol SweepReading: Sendable {
    /// All of them, in order of policy.
    func sweepLeases() async throws -> [SweepLease]
}
