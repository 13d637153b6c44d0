import CollectorServices
import Model
import Policies

extension Shape where Value == PolicyListing {
    /// A page of policies.
    static var policies: Shape {
        .object(
            nil,
            [
                Member("items", Shape<PolicyCoverage>.policy.list) { $0.page.items },
                Member("next", Shape<String>.text.orNull, "Pass it as after for the next page; null on the last.") {
                    $0.page.next
                },
                Member(
                    "problem", Shape<String>.text.orNull,
                    "Why the files as they are now are not in force; null when they are."
                ) { $0.problem },
            ])
    }
}

extension Shape where Value == PolicyCoverage {
    /// A policy with whom it is for.
    static var policy: Shape {
        .object(
            "Policy",
            [
                Member("name", .text) { $0.policy.name }, Member("about", .text) { $0.policy.about },
                Member("select", .text, "Whom it is for, in words.") { $0.policy.selector.description },
                Member("agents", .number, "How many agents it selects.") { $0.hosts.count },
                Member("hosts", Shape<String>.text.list, "The first 1000 of their hosts, by name.") {
                    Array($0.hosts.prefix(1000))
                },
                Member("inventory", .policySchedule) { $0.policy.inventory },
                Member("metrics", .policySchedule) { $0.policy.metrics },
                Member("checks", Shape<PolicyItem>.policyItem.list) { $0.policy.checks },
                Member("devices", Shape<PolicyItem>.policyItem.list) { $0.policy.devices },
                Member("discovery_networks", Shape<String>.text.list, "The agents that it selects share them.") {
                    $0.policy.discovery?.networks.map(\.description) ?? []
                },
                Member("discovery", Shape<PolicyItem>.policyItem.orNull, "How, as [discovery] of agent.toml.") {
                    coverage in
                    coverage.policy.discovery.map { PolicyItem(name: coverage.policy.name, settings: $0.settings) }
                },
                Member("without_checks", Shape<String>.text.list) { $0.policy.withoutChecks },
                Member("without_devices", Shape<String>.text.list) { $0.policy.withoutDevices },
                Member("without_discovery", .flag) { $0.policy.withoutDiscovery },
                Member("ring", Shape<String>.text.orNull) { $0.policy.ring },
                Member("version", Shape<String>.text.orNull) { $0.policy.version },
            ])
    }
}

extension Shape where Value == PolicySchedule {
    /// When sources are read.
    static var policySchedule: Shape {
        let source = Shape<(key: String, value: PolicySource)>.object(
            "PolicySource",
            [
                Member("name", .text) { $0.key },
                Member("enabled", Shape<Bool>.flag.orNull, "Null where nothing is said.") { $0.value.isEnabled },
                Member("interval_seconds", Shape<Int64>.integer.orNull, "Null where nothing is said.") {
                    $0.value.intervalSeconds
                },
            ])
        return .object(
            "PolicySchedule",
            [
                Member("interval_seconds", Shape<Int64>.integer.orNull, "Null where nothing is said.") {
                    $0.intervalSeconds
                },
                Member("sources", source.list) { schedule in
                    schedule.sources.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
                        .map { (key: $0.key, value: $0.value) }
                },
            ])
    }
}

extension Shape where Value == PolicyItem {
    /// A check or device, with the keys that agent.toml would have.
    static var policyItem: Shape {
        let settings = Shape<[String: PolicyValue]>(schema: .type("object", [("additionalProperties", true)])) {
            JSON(.table($0))
        }
        return .object(
            "PolicyItem",
            [Member("name", .text) { $0.name }, Member("settings", settings, "As in agent.toml.") { $0.settings }])
    }
}

extension JSON {
    /// A policy's value as itself.
    fileprivate init(_ value: PolicyValue) {
        switch value {
        case .text(let text): self = .text(text)
        case .integer(let number): self = .integer(number)
        case .real(let number): self = .real(number)
        case .flag(let flag): self = .flag(flag)
        case .list(let items): self = .array(items.map { JSON($0) })
        case .table(let values):
            self = .object(
                values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, JSON($0.value)) })
        }
    }
}

extension Shape where Value == PolicyStanding {
    /// What an agent gets, from where, and what became of it.
    static var policyStanding: Shape {
        let part = Shape<PolicyOrigin>.object(
            "PolicyPart",
            [
                Member("part", .text, "check NAME, device NAME, inventory NAME, metrics NAME, discovery or upgrade.") {
                    $0.part
                },
                Member("setting", .text) { $0.setting }, Member("policy", .text, "Who gave it.") { $0.policy },
            ])
        return .object(
            "AgentPolicy",
            [
                Member("agent", .text) { $0.agent.id }, Member("hostname", .text) { $0.agent.hostname },
                Member("state", .word) { $0.state },
                Member("tag", .text, "The tag of what it gets now.") { $0.given.tag },
                Member("tag_in_force", Shape<String>.text.orNull, "The tag it said last that it has; null for none.") {
                    $0.agent.policy.isEmpty ? nil : $0.agent.policy
                },
                Member("policies", Shape<String>.text.list, "Those that select it, the nearest last.") {
                    $0.given.composed.policy.groups
                },
                Member("message", .text, "What the agent refused and why, as it said; may be empty.") { $0.message },
                Member("parts", part.list) { $0.given.composed.origins },
                Member("inventory", .policySchedule) { $0.given.composed.policy.inventory },
                Member("metrics", .policySchedule) { $0.given.composed.policy.metrics },
                Member("checks", Shape<PolicyItem>.policyItem.list) { $0.given.composed.policy.checks },
                Member("devices", Shape<PolicyItem>.policyItem.list) { $0.given.composed.policy.devices },
                Member(
                    "discovery", Shape<PolicyItem>.policyItem.orNull,
                    "Where it looks for devices: its share of the networks."
                ) { $0.given.composed.policy.discovery },
                Member("ring", Shape<String>.text.orNull) { $0.given.composed.policy.upgrade?.ring },
                Member("version", Shape<String>.text.orNull) { $0.given.composed.policy.upgrade?.version },
            ])
    }
}

extension Shape where Value == RingProgress {
    /// How far a ring is.
    static var ring: Shape {
        .object(
            "Ring",
            [
                Member("ring", .text) { $0.ring }, Member("version", .text) { $0.version },
                Member("agents", .number) { $0.running.count + $0.waiting.count + $0.failed.count },
                Member("running", .number, "Agents that run the version.") { $0.running.count },
                Member("waiting", .number, "Agents that do not yet.") { $0.waiting.count },
                Member("failed", .number, "Agents on whose host it did not work: they went back.") { $0.failed.count },
                Member("waiting_hosts", Shape<String>.text.list, "The first 1000.") { Array($0.waiting.prefix(1000)) },
                Member("failed_hosts", Shape<String>.text.list, "The first 1000.") { Array($0.failed.prefix(1000)) },
            ])
    }
}
