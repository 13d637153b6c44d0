import Model

/// Where a part of an agent's policy comes from.
public struct PolicyOrigin: Hashable, Sendable {
    /// What it is: `check web`, `device core`, `inventory usb`, `upgrade`.
    public var part: String
    /// What holds, in a few words.
    public var setting: String
    /// The policy that gave it.
    public var policy: String

    /// An origin.
    public init(part: String, setting: String, policy: String) {
        self.part = part
        self.setting = setting
        self.policy = policy
    }
}

/// All policies in force: a value that is loaded whole or not at all.
public struct PolicySet: Hashable, Sendable {
    /// The policies in order of name, which is the order in which they count.
    public let policies: [Policy]
    /// The wanted version of each ring.
    public let rings: [String: String]

    /// No policy.
    public static let empty = PolicySet(policies: [], rings: [:])

    /// A set whose rings were checked.
    init(policies: [Policy], rings: [String: String]) {
        self.policies = policies
        self.rings = rings
    }

    /// The policy called `name`.
    public func policy(named name: String) -> Policy? { policies.first { $0.name.utf8.elementsEqual(name.utf8) } }

    /// Whether some policy selects by what is known of the host beside its name.
    public var needsAttributes: Bool { policies.contains { !$0.selector.attributes.isEmpty } }

    /// The ring of an agent and the version it is to have; nil for none.
    public func upgrade(for target: PolicyTarget) -> PolicyUpgrade? {
        guard let ring = policies.last(where: { $0.ring != nil && $0.selector.selects(target) })?.ring,
            let version = rings[ring]
        else { return nil }
        return PolicyUpgrade(ring: ring, version: version)
    }

    /// The policy that says which networks an agent looks through: the nearest that says anything of it. Nil for none.
    public func discovery(for target: PolicyTarget) -> Policy? {
        let nearest = policies.last {
            ($0.discovery != nil || $0.withoutDiscovery) && $0.selector.selects(target)
        }
        return nearest?.discovery == nil ? nil : nearest
    }

    /// Whether some policy has networks looked through.
    public var hasDiscovery: Bool { policies.contains { $0.discovery != nil } }

    /// What an agent gets, with what others than files give it (`additions`: devices by who gave them), which counts first:
    /// files may replace it or take it away. Of the networks of its policy it gets the parts `sweeping`.
    public func compose(
        for target: PolicyTarget, adding additions: [String: [PolicyItem]] = [:], sweeping parts: [IPNetwork] = []
    ) -> ComposedPolicy {
        var layers = PolicyLayers()
        for (giver, devices) in additions.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            layers.add(devices: devices, from: giver)
        }
        for policy in policies where policy.selector.selects(target) { layers.add(policy) }
        if let policy = discovery(for: target) { layers.look(as: policy, parts: parts) }
        return layers.composed(rings: rings)
    }
}

/// An agent's policy, and where each part of it comes from.
public struct ComposedPolicy: Hashable, Sendable {
    /// What the agent gets.
    public var policy: AgentPolicy
    /// Where it comes from, in the order in which it stands in the policy.
    public var origins: [PolicyOrigin]
}
