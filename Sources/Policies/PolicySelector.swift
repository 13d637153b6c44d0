import Model

/// What a policy may know of an agent to select it.
public struct PolicyTarget: Hashable, Sendable {
    /// The agent's id.
    public var agent: String
    /// Its host's name.
    public var host: String
    /// The host's attributes as people read them, by name; empty until its first inventory.
    public var attributes: [String: String]

    /// An agent.
    public init(agent: String, host: String, attributes: [String: String] = [:]) {
        self.agent = agent
        self.host = host
        self.attributes = attributes
    }
}

/// Whom a policy is for; all conditions must hold.
public struct PolicySelector: Hashable, Sendable {
    /// Names of hosts or ids of agents, any of these; empty for all.
    public var hosts: [NamePattern]
    /// Names of hosts or ids of agents that are left out.
    public var excluded: [NamePattern]
    /// Attributes of the host's record that must fit.
    public var attributes: [String: NamePattern]

    /// A selector; without arguments it selects everybody.
    public init(
        hosts: [NamePattern] = [], excluded: [NamePattern] = [], attributes: [String: NamePattern] = [:]
    ) {
        self.hosts = hosts
        self.excluded = excluded
        self.attributes = attributes
    }

    /// Whether the agent is meant.
    public func selects(_ target: PolicyTarget) -> Bool {
        guard hosts.isEmpty || hosts.contains(where: { $0.fits(target.host) || $0.fits(target.agent) }),
            !excluded.contains(where: { $0.fits(target.host) || $0.fits(target.agent) })
        else { return false }
        return attributes.allSatisfy { name, pattern in target.attributes[name].map(pattern.fits) ?? false }
    }

    /// In one line, for people.
    public var description: String {
        var parts = [hosts.isEmpty ? "every host" : "hosts " + list(hosts)]
        if !excluded.isEmpty { parts.append("but " + list(excluded)) }
        parts += attributes.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { "\($0) = \($1)" }
        return parts.joined(separator: ", ")
    }

    private func list(_ patterns: [NamePattern]) -> String { patterns.map(\.description).joined(separator: ", ") }
}
