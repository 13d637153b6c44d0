import Model

/// Policies laid over one another, the nearest last.
struct PolicyLayers {
    /// A value and who gave it.
    private struct Given<Value> {
        var value: Value
        var from: String
    }

    private var groups: [String] = []
    private var bases: [String: Given<Int64>] = [:]
    private var intervals: [String: [String: Given<Int64>]] = [:]
    private var switches: [String: [String: Given<Bool>]] = [:]
    private var probe: Given<String>?
    private var poll: Given<String>?
    private var checks: [String: Given<PolicyItem>] = [:]
    private var devices: [String: Given<PolicyItem>] = [:]
    private var ring: Given<String>?
    private var discovery: PolicyItem?
    private var sight = ""

    /// Lays a policy over what is there.
    mutating func add(_ policy: Policy) {
        groups.append(policy.name)
        add(policy.inventory, "inventory", policy.name)
        add(policy.metrics, "metrics", policy.name)
        if let interval = policy.probeInterval { probe = Given(value: interval, from: policy.name) }
        if let interval = policy.pollInterval { poll = Given(value: interval, from: policy.name) }
        for name in policy.withoutChecks { checks[name] = nil }
        for name in policy.withoutDevices { devices[name] = nil }
        for item in policy.checks { checks[item.name] = Given(value: item, from: policy.name) }
        add(devices: policy.devices, from: policy.name)
        if let name = policy.ring { ring = Given(value: name, from: policy.name) }
    }

    /// Lays devices over those that are there.
    mutating func add(devices items: [PolicyItem], from giver: String) {
        for item in items { devices[item.name] = Given(value: item, from: giver) }
    }

    /// Has networks looked through: those parts that are this agent's, and all that is only reached through devices.
    mutating func look(as policy: Policy, parts: [IPNetwork]) {
        guard let wanted = policy.discovery else { return }
        discovery = wanted.item(policy.name, parts: parts)
        let joined = IPNetwork.joined(parts)
        var words = joined.isEmpty ? "no network" : joined.prefix(16).map(\.description).joined(separator: ", ")
        if joined.count > 16 { words += " and \(joined.count - 16) more" }
        if case .list(let crawled)? = wanted.settings["crawl_networks"], !crawled.isEmpty {
            words += "; through neighbours " + crawled.prefix(16).compactMap(\.text).joined(separator: ", ")
        }
        sight = words
    }

    private mutating func add(_ schedule: PolicySchedule, _ catalogue: String, _ policy: String) {
        if let seconds = schedule.intervalSeconds {
            bases[catalogue] = Given(value: seconds, from: policy)
            // What is said of all is nearer than what an earlier policy said of one.
            intervals[catalogue] = [:]
        }
        for (name, source) in schedule.sources {
            if let seconds = source.intervalSeconds {
                intervals[catalogue, default: [:]][name] = Given(value: seconds, from: policy)
            }
            if let isEnabled = source.isEnabled {
                switches[catalogue, default: [:]][name] = Given(value: isEnabled, from: policy)
            }
        }
    }

    /// What came out.
    func composed(rings: [String: String]) -> ComposedPolicy {
        var origins: [PolicyOrigin] = []
        let inventory = schedule("inventory", &origins)
        let metrics = schedule("metrics", &origins)
        let checks = items(self.checks, "check", &origins) { $0 }
        let devices = items(self.devices, "device", &origins, paced)
        if let discovery {
            origins.append(PolicyOrigin(part: "discovery", setting: sight, policy: discovery.name))
        }
        var upgrade: PolicyUpgrade?
        if let ring, let version = rings[ring.value] {
            upgrade = PolicyUpgrade(ring: ring.value, version: version)
            origins.append(
                PolicyOrigin(part: "upgrade", setting: "version \(version), ring \(ring.value)", policy: ring.from))
        }
        return ComposedPolicy(
            policy: AgentPolicy(
                groups: groups, inventory: inventory, metrics: metrics, checks: checks, devices: devices,
                upgrade: upgrade, discovery: discovery), origins: origins)
    }

    private func schedule(_ catalogue: String, _ origins: inout [PolicyOrigin]) -> PolicySchedule {
        var schedule = PolicySchedule()
        if let base = bases[catalogue] {
            schedule.intervalSeconds = base.value
            origins.append(PolicyOrigin(part: catalogue, setting: "every \(base.value) s", policy: base.from))
        }
        let own = intervals[catalogue] ?? [:]
        let isOn = switches[catalogue] ?? [:]
        for name in Set(own.keys).union(isOn.keys).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            schedule.sources[name] = PolicySource(isEnabled: isOn[name]?.value, intervalSeconds: own[name]?.value)
            if let given = isOn[name] {
                origins.append(
                    PolicyOrigin(part: "\(catalogue) \(name)", setting: given.value ? "on" : "off", policy: given.from))
            }
            if let given = own[name] {
                origins.append(
                    PolicyOrigin(part: "\(catalogue) \(name)", setting: "every \(given.value) s", policy: given.from))
            }
        }
        return schedule
    }

    private func items(
        _ given: [String: Given<PolicyItem>], _ word: String, _ origins: inout [PolicyOrigin],
        _ change: (PolicyItem) -> PolicyItem
    ) -> [PolicyItem] {
        given.values.sorted { $0.value.name.utf8.lexicographicallyPrecedes($1.value.name.utf8) }.map { one in
            let what = one.value.settings[word == "check" ? "type" : "address"]?.text ?? ""
            origins.append(PolicyOrigin(part: "\(word) \(one.value.name)", setting: what, policy: one.from))
            return change(one.value)
        }
    }

    /// A device with the intervals that are said of all devices, where it has none of its own.
    private func paced(_ item: PolicyItem) -> PolicyItem {
        var item = item
        if let probe, item.settings["interval"] == nil { item.settings["interval"] = .text(probe.value) }
        if let poll, item.settings["poll_interval"] == nil { item.settings["poll_interval"] = .text(poll.value) }
        return item
    }
}
