import Checks
import Devices
import Glibc
import LinuxSystem
import Logging
import TOML

/// Everything the agent is told: `agent.toml` and the drop-ins beside it.
public struct AgentConfiguration: Sendable {
    /// Where the agent keeps its state.
    public var state = StateDirectory("/var/lib/muster-agent")
    /// Lines less important than this are not written.
    public var logLevel = Logger.Level.info
    /// The way to the collector.
    public var uplink = UplinkSettings()
    /// What the agent takes of this host at most.
    public var budget = BudgetSettings()
    /// What is read of this host, and how often.
    public var inventory = InventorySettings()
    /// What is measured on this host, and how often.
    public var metrics = MetricSettings()
    /// What is looked at again and again.
    public var checks: [CheckDefinition] = []
    /// What devices want to see before they answer, in the order in which it is tried.
    public var credentials: [NamedCredential] = []
    /// The devices that are probed.
    public var devices: [DeviceSettings] = []
    /// Where devices are looked for that nobody told of.
    public var discovery = DiscoverySettings()
    /// What devices tell by themselves.
    public var traps = TrapSettings()
    /// What this host does without of the collector's policy: `policy.toml` beside the file.
    public var bounds = PolicyBounds()
    /// Directory of device profiles; nil for those installed with the agent.
    public var profileDirectory: String?
    /// Where the helper listens.
    public var helperSocket = HelperClient.standardSocket

    /// Where the configuration is when the command line does not say.
    public static let standardPath = "/etc/muster/agent.toml"

    /// All defaults: no check and no device.
    public init() {}

    /// Loads a file, then the drop-ins `*.toml` of the directory of the same name with `.d` in place of `.toml`.
    ///
    /// A later file may set what an earlier one left out, add checks and devices, and nothing else.
    public static func load(_ path: String) throws(ConfigurationError) -> AgentConfiguration {
        var configuration = AgentConfiguration()
        var given = GivenSettings()
        do {
            try configuration.take(path, &given)
            for file in try TOMLDocument.files(in: dropInDirectory(of: path)) {
                try configuration.take(file, &given)
            }
            configuration.bounds = try PolicyBounds.load(beside: path)
        } catch let error as TOMLError {
            throw .toml(error)
        } catch let error as FileError {
            throw .file(error)
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw .twice(what: "\(error)", file: path)
        }
        try configuration.chooseCredentials(path)
        guard configuration.sectionBytes > 0 else { throw .spoolOverBudget(file: path) }
        return configuration
    }

    /// Whom to ask for what only root can read; nil for root, which reads by itself.
    var helper: HelperClient? { geteuid() == 0 ? nil : HelperClient(socket: helperSocket) }

    /// What the spool leaves of the disk's budget to the sections that were sent last.
    var sectionBytes: Int { budget.diskBytes - uplink.spoolBytes }

    /// Networks in which the collector may have this host look for devices; none where agent.toml has its own.
    var sweeps: [String] {
        guard bounds.isAllowed, !discovery.isEnabled else { return [] }
        return bounds.discovery.networks.map(\.description)
    }

    /// How many traps are known by name; throws where their files are wrong.
    public func knownTraps() throws(ConfigurationError) -> Int { try traps.catalogue().count }

    /// The device profiles.
    func profiles() throws(ConfigurationError) -> DeviceProfiles {
        do {
            return try DeviceProfiles(directory: profileDirectory ?? "/usr/share/muster/profiles")
        } catch { throw .toml(error) }
    }

    /// What one text says, without the guard of its file.
    package static func decode(_ root: TOMLTable) throws -> AgentConfiguration {
        var configuration = AgentConfiguration()
        var given = GivenSettings()
        try configuration.take(root, of: root.file, &given)
        try configuration.chooseCredentials(root.file)
        return configuration
    }

    /// Once all files are read: a device may name a credential of another one.
    private mutating func chooseCredentials(_ file: String) throws(ConfigurationError) {
        for index in devices.indices {
            if let missing = devices[index].choose(from: credentials) {
                throw .noCredential(name: missing, device: devices[index].name, file: file)
            }
        }
        if let missing = discovery.missing(from: credentials) {
            throw .noDiscoveryCredential(name: missing, file: file)
        }
    }

    private mutating func take(_ file: String, _ given: inout GivenSettings) throws {
        let root = try TOMLDocument.load(file)
        try FileGuard.file(file, secret: false)
        try take(root, of: file, &given)
    }

    private mutating func take(_ root: TOMLTable, of file: String, _ given: inout GivenSettings) throws {
        if let table = try root.table("agent") {
            try given.once("agent", in: file)
            try takeAgent(table)
        }
        if let table = try root.table("uplink") {
            try given.once("uplink", in: file)
            uplink = try UplinkSettings(table)
        }
        if let table = try root.table("budget") {
            try given.once("budget", in: file)
            budget = try BudgetSettings(table)
        }
        if let table = try root.table("inventory") {
            try given.once("inventory", in: file)
            inventory = try InventorySettings(table)
        }
        if let table = try root.table("metrics") {
            try given.once("metrics", in: file)
            metrics = try MetricSettings(table)
        }
        if let table = try root.table("traps") {
            try given.once("traps", in: file)
            traps = try TrapSettings(table)
        }
        if let table = try root.table("discovery") {
            try given.once("discovery", in: file)
            discovery = try DiscoverySettings(table)
        }
        for table in try root.tables("check") {
            let check = try CheckDefinition(settings: table)
            try given.once("check \"\(check.name)\"", in: file)
            checks.append(check)
        }
        for table in try root.tables("credential") {
            let credential = try NamedCredential(table)
            try given.once("credential \"\(credential.name)\"", in: file)
            credentials.append(credential)
        }
        guard credentials.count <= 16 else { throw ConfigurationError.tooManyCredentials(file: file) }
        for table in try root.tables("device") {
            let device = try DeviceSettings(table)
            try given.once("device \"\(device.name)\"", in: file)
            devices.append(device)
        }
        try root.finish()
    }

    private mutating func takeAgent(_ table: TOMLTable) throws(TOMLError) {
        if let path = try table.string("state_directory") {
            guard path.hasPrefix("/"), path.utf8.count > 1 else {
                throw table.refusal("state_directory", found: "\"\(path)\"", accepted: "an absolute path")
            }
            state = StateDirectory(path.hasSuffix("/") ? String(path.dropLast()) : path)
        }
        if let level = try table.choice("log_level", among: LogLevel.self) { logLevel = level.level }
        profileDirectory = try table.string("profile_directory")
        if let path = try table.string("helper_socket") {
            guard UnixAddress(path) != nil, path.hasPrefix("/") else {
                throw table.refusal(
                    "helper_socket", found: "\"\(path)\"", accepted: "an absolute path of at most 107 bytes")
            }
            helperSocket = path
        }
    }

    private static func dropInDirectory(of path: String) -> String {
        (path.hasSuffix(".toml") ? String(path.dropLast(5)) : path) + ".d"
    }
}

/// Why a configuration was refused: one line, what, where, what to do.
public enum ConfigurationError: Error, CustomStringConvertible {
    /// The text is wrong at a place.
    case toml(TOMLError)
    /// A file cannot be used.
    case file(FileError)
    /// The same thing is set in two places.
    case twice(what: String, file: String)
    /// The spool may take all of the disk's budget.
    case spoolOverBudget(file: String)
    /// A device names a credential that no file has.
    case noCredential(name: String, device: String, file: String)
    /// `[discovery]` names a credential that no file has.
    case noDiscoveryCredential(name: String, file: String)
    /// More credentials than devices could be asked with at once.
    case tooManyCredentials(file: String)

    /// The one line.
    public var description: String {
        switch self {
        case .toml(let error): error.description
        case .file(let error): error.description
        case .twice(let what, let file): "\(file): \(what) is given twice; keep one"
        case .spoolOverBudget(let file):
            "\(file): [uplink] spool_bytes must be less than [budget] disk_bytes; correct one of them"
        case .noCredential(let name, let device, let file):
            "\(file): device \"\(printed(device))\" names the credential \"\(printed(name))\", which no [[credential]] for its address has; "
                + "correct one of them"
        case .noDiscoveryCredential(let name, let file):
            "\(file): [discovery] names the credential \"\(printed(name))\", which no [[credential]] has; correct one of them"
        case .tooManyCredentials(let file): "\(file): more than 16 [[credential]] tables; keep at most 16"
        }
    }
}

/// What was set already, so that two files cannot disagree in silence.
private struct GivenSettings {
    private var seen: Set<[UInt8]> = []

    mutating func once(_ what: String, in file: String) throws(ConfigurationError) {
        guard seen.insert(Array(what.utf8)).inserted else { throw .twice(what: what, file: file) }
    }
}

private enum LogLevel: String, CaseIterable {
    case debug, info, warning, error

    var level: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }
}
