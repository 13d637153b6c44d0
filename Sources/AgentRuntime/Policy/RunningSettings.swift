import Checks
import Model

/// A check that is made now.
struct RunningCheck: Sendable {
    /// The check.
    var definition: CheckDefinition
    /// What the policy says of it; nil for a check of agent.toml, which stays as it is.
    var item: PolicyItem?

    /// What tells a check that goes on from one that begins anew.
    var mark: Mark { Mark(name: definition.name, item: item, interval: definition.interval) }

    /// Name, what the policy says, and what the host made of its interval.
    struct Mark: Hashable, Sendable {
        var name: String
        var item: PolicyItem?
        var interval: Duration
    }
}

/// Networks that are looked through now.
struct RunningDiscovery: Hashable, Sendable {
    /// Where and how.
    var settings: DiscoverySettings
    /// What devices are asked with, in the order in which it counts.
    var credentials: [NamedCredential]
}

/// What the agent does now: its own configuration, and within the host's bounds the collector's policy.
struct RunningSettings: Sendable {
    /// Sources of the inventory.
    var sources: [SourceSchedule]
    /// Metrics of the host.
    var metrics: [SourceSchedule]
    /// Checks.
    var checks: [RunningCheck]
    /// Devices.
    var devices: [DeviceSettings]
    /// Networks that are looked through; nil for none.
    var discovery: RunningDiscovery?
    /// The version that is to be installed; nil where nobody wants one.
    var upgrade: PolicyUpgrade?

    /// What the host's own configuration says.
    init(_ configuration: AgentConfiguration) {
        sources = configuration.inventory.sources
        metrics = configuration.metrics.metrics
        checks = configuration.checks.map { RunningCheck(definition: $0) }
        devices = configuration.devices
        guard configuration.discovery.isEnabled else { return }
        discovery = RunningDiscovery(
            settings: configuration.discovery,
            credentials: configuration.discovery.chosen(from: configuration.credentials))
    }
}

/// A part of a policy that is not in force, or not as it was wanted, and why.
struct PolicyRefusedPart: Hashable, Sendable, Codable, CustomStringConvertible {
    /// `check web`, `device core`, `inventory usb`, `metrics cpu`, `upgrade`.
    var part: String
    /// Why, in words of which the console has a translation.
    var reason: String

    /// `check web refused: …`
    var description: String { "\(part) refused: \(reason)" }
}
