import Checks
import Glibc
import Model
import TOML

/// A policy laid over the host's own configuration within the host's bounds: what runs then, and what was refused.
///
/// A refused part costs itself alone. What agent.toml says stays.
struct PolicyApplication: Sendable {
    /// What is to run.
    var settings: RunningSettings
    /// What is not, or not as it was wanted.
    private(set) var refused: [PolicyRefusedPart] = []

    let configuration: AgentConfiguration
    let bounds: PolicyBounds

    /// Applies a policy.
    init(_ policy: AgentPolicy, to configuration: AgentConfiguration) {
        settings = RunningSettings(configuration)
        self.configuration = configuration
        bounds = configuration.bounds
        takeInventory(policy.inventory)
        takeMetrics(policy.metrics)
        for item in policy.checks { take(check: item) }
        for item in policy.devices { take(device: item) }
        if let item = policy.discovery { take(discovery: item) }
        guard let upgrade = policy.upgrade else { return }
        if bounds.allowsUpgrades { settings.upgrade = upgrade } else { refuse("upgrade", Words.upgrades) }
    }

    mutating func refuse(_ part: String, _ reason: String) {
        refused.append(PolicyRefusedPart(part: part, reason: reason))
    }

    // MARK: Schedules

    private mutating func takeInventory(_ schedule: PolicySchedule) {
        take(
            schedule, "inventory", \.sources, least: bounds.inventoryInterval,
            standard: { InventorySettings.interval(of: $0, base: $1) })
    }

    private mutating func takeMetrics(_ schedule: PolicySchedule) {
        take(
            schedule, "metrics", \.metrics, least: bounds.metricInterval,
            standard: { MetricSettings.interval($0, $1) })
    }

    private mutating func take(
        _ schedule: PolicySchedule, _ catalogue: String, _ place: WritableKeyPath<RunningSettings, [SourceSchedule]>,
        least: Duration, standard: (String, Duration) -> Duration
    ) {
        var known: Set<String> = []
        for index in settings[keyPath: place].indices {
            var own = settings[keyPath: place][index]
            known.insert(own.name)
            let said = schedule.sources[own.name]
            take(said?.isEnabled, "\(catalogue) \(own.name)", &own)
            if let seconds = said?.intervalSeconds {
                take(seconds, "\(catalogue) \(own.name)", least, &own)
            } else if let seconds = schedule.intervalSeconds, !own.hasOwnInterval,
                let interval = span(seconds, catalogue)
            {
                own.interval = max(standard(own.name, interval), least)
            }
            settings[keyPath: place][index] = own
        }
        if let seconds = schedule.intervalSeconds, .seconds(seconds) < least { refuse(catalogue, Words.slower(least)) }
        for name in schedule.sources.keys.sorted() where !known.contains(name) {
            refuse("\(catalogue) \(name)", Words.noSource)
        }
    }

    private mutating func take(_ isEnabled: Bool?, _ part: String, _ own: inout SourceSchedule) {
        guard let isEnabled, isEnabled != own.isEnabled else { return }
        if own.hasOwnSwitch { refuse(part, Words.own) } else { own.isEnabled = isEnabled }
    }

    private mutating func take(_ seconds: Int64, _ part: String, _ least: Duration, _ own: inout SourceSchedule) {
        guard !own.hasOwnInterval else { return refuse(part, Words.own) }
        guard let interval = span(seconds, part) else { return }
        if interval < least { refuse(part, Words.slower(least)) }
        own.interval = max(interval, least)
    }

    private mutating func span(_ seconds: Int64, _ part: String) -> Duration? {
        let interval = Duration.seconds(max(0, min(seconds, 1 << 40)))
        if SourceSchedule.intervals.contains(interval) { return interval }
        let part = PolicyRefusedPart(part: part, reason: Words.noInterval)
        if !refused.contains(part) { refused.append(part) }
        return nil
    }

    // MARK: Checks

    private mutating func take(check item: PolicyItem) {
        let part = "check \(item.name)"
        guard !configuration.checks.contains(where: { $0.name == item.name }) else { return refuse(part, Words.own) }
        guard settings.checks.count - configuration.checks.count < bounds.mostChecks else {
            return refuse(part, Words.tooMany(bounds.mostChecks))
        }
        if let reason = refusal(of: item) { return refuse(part, reason) }
        do throws(TOMLError) {
            var definition = try CheckDefinition(settings: item.table)
            if definition.interval < bounds.checkInterval {
                definition.interval = bounds.checkInterval
                refuse(part, Words.slower(bounds.checkInterval))
            }
            settings.checks.append(RunningCheck(definition: definition, item: item))
        } catch { refuse(part, "\(error.problem)") }
    }

    /// Why the host's bounds do not let the check be; nil when they do.
    private func refusal(of item: PolicyItem) -> String? {
        let kind = item.settings["type"]?.text ?? ""
        if let kinds = bounds.checkKinds, !kinds.contains(kind) { return Words.kind(kind) }
        if kind == PluginCheck.kind {
            // A program with arguments is a command in all but name (threats M14).
            guard let program = item.settings["program"]?.text, bounds.programs.contains(program) else {
                return Words.program
            }
        }
        switch (bounds.checkNetworks, CheckPlace(item)) {
        case (nil, _), (_, .nobody): break
        case (let networks?, .address(let address)) where networks.contains(where: { $0.contains(address) }): break
        default: return Words.network
        }
        // It is opened on the one thread that has the way to the collector, too: a pipe there would hold everything up.
        if let path = item.settings["ca_file"]?.text {
            if isOwn(path) { return Words.ownFiles }
            if !PathText.isSmallFile(path) { return Words.noFile }
        }
        guard let path = item.settings["path"]?.text else { return nil }
        if isOwn(path) { return Words.ownFiles }
        if let paths = bounds.paths, !paths.contains(where: { $0.fits(path) }) || PathText.climbs(path) {
            return Words.path
        }
        return nil
    }

    /// Whether a path could lead to the agent's keys, its spool or its credentials: as it is written, or as links lead now.
    private func isOwn(_ path: String) -> Bool {
        let places = [configuration.state.path, "/run/credentials", "/etc/muster", "/proc", "/dev"]
        return PathText.climbs(path)
            || [path, PathText.resolved(path)].contains { path in
                places.contains { PathText.isBelow(path, $0) || PathText.isBelow(path, PathText.resolved($0)) }
            }
    }

    // MARK: Devices

    private mutating func take(device item: PolicyItem) {
        let part = "device \(item.name)"
        guard !configuration.devices.contains(where: { $0.name == item.name }) else { return refuse(part, Words.own) }
        guard settings.devices.count - configuration.devices.count < bounds.mostDevices else {
            return refuse(part, Words.tooMany(bounds.mostDevices))
        }
        if let reason = credentialRefusal(of: item) { return refuse(part, reason) }
        do {
            var device = try DeviceSettings(item.table)
            if let missing = device.choose(from: configuration.credentials) {
                return refuse(part, Words.noCredential(missing))
            }
            if let allowed = bounds.credentials,
                let barred = device.credentials.first(where: { credential in
                    !credential.name.isEmpty && !allowed.contains { $0.fits(credential.name) }
                })
            {
                return refuse(part, Words.credential(barred.name))
            }
            let addresses = [device.target.address] + device.trapAddresses
            if let networks = bounds.networks,
                !addresses.allSatisfy({ address in networks.contains { $0.contains(address) } })
            {
                return refuse(part, Words.network)
            }
            if device.interval < bounds.deviceInterval || device.pollInterval < bounds.pollInterval {
                device.interval = max(device.interval, bounds.deviceInterval)
                device.pollInterval = max(device.pollInterval, bounds.pollInterval)
                refuse(part, Words.slower(device.pollInterval))
            }
            settings.devices.append(device)
        } catch let error as TOMLError { refuse(part, "\(error.problem)") } catch { refuse(part, "\(error)") }
    }

    private func credentialRefusal(of item: PolicyItem) -> String? {
        if item.settings["community"] != nil { return Words.secret }
        for key in PolicyCredential.keys {
            guard let value = item.settings[key] else { continue }
            guard let name = value.text, PolicyCredential.isName(name) else { return Words.secret }
            if let allowed = bounds.credentials, !allowed.contains(where: { $0.fits(name) }) {
                return Words.credential(name)
            }
        }
        return nil
    }

    // MARK: Words

    /// Reasons. The console has each of them in the reader's language: `[said]` of the catalogues.
    enum Words {
        static let own = "agent.toml says otherwise"
        static let upgrades = "policy.toml does not allow upgrades"
        static let noSource = "this agent has nothing of that name"
        static let noInterval = "an interval is 1 s to 7 days"
        static let program = "policy.toml does not list the program"
        static let ownFiles = "the agent's own files are not looked at"
        static let path = "policy.toml does not allow that path"
        static let noFile = "the authorities are no regular file of at most 4 MiB"
        static let network = "policy.toml does not allow that network"
        static let discovery = "policy.toml lists no network in which devices may be looked for"
        static let secret = "a policy names a credential, without a path and never the secret"
        static let policies = "policy.toml does not allow policies"

        static func kind(_ kind: String) -> String {
            "policy.toml does not allow checks of type \(printed(kind, limit: 40))"
        }
        static func credential(_ name: String) -> String {
            "policy.toml does not allow the credential \(printed(name, limit: 80))"
        }
        static func noCredential(_ name: String) -> String {
            "agent.toml has no credential \(printed(name, limit: 80)) for that address"
        }
        static func method(_ method: String) -> String { "policy.toml does not allow the method \(method)" }
        static func noNamedCredential(_ name: String) -> String {
            "agent.toml has no credential \(printed(name, limit: 80))"
        }
        static func gentler(_ rate: Int) -> String { "too fast for policy.toml, \(rate) packets a second instead" }
        static func tooMany(_ count: Int) -> String { "policy.toml allows \(count)" }
        static func slower(_ least: Duration) -> String {
            "too often for policy.toml, every \(least.components.seconds) s instead"
        }
    }
}

/// What paths mean.
enum PathText {
    /// The path without links, as far as it exists now; the last part alone may be a pattern.
    static func resolved(_ path: String) -> String {
        if let whole = real(path) { return whole }
        let parts = path.utf8.split(separator: UInt8(ascii: "/"))
        guard let last = parts.last,
            let above = real("/" + parts.dropLast().map { String(Substring($0)) }.joined(separator: "/"))
        else { return path }
        return above + "/" + String(Substring(last))
    }

    /// Whether a regular file of at most 4 MiB stands there.
    static func isSmallFile(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        return status.st_mode & S_IFMT == S_IFREG && status.st_size <= 4 << 20
    }

    private static func real(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }

    /// Whether a path goes up again somewhere.
    static func climbs(_ path: String) -> Bool {
        path.utf8.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) }
    }

    /// Whether a path is a directory or lies below it; slashes and dots that say nothing are passed over.
    static func isBelow(_ path: String, _ directory: String) -> Bool {
        parts(path).starts(with: parts(directory), by: { $0.elementsEqual($1) })
    }

    private static func parts(_ path: String) -> [Substring.UTF8View] {
        path.utf8.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
    }
}
