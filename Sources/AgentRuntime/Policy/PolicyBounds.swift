import Checks
import Model
import TOML

/// `policy.toml` beside agent.toml: what of the collector's policy this host does without. It only takes away.
public struct PolicyBounds: Hashable, Sendable {
    /// False: no policy of the collector is asked for or in force.
    public var isAllowed = true
    /// False: the version that the collector wants is not handed to the host's timer.
    public var allowsUpgrades = true
    /// Kinds of checks that are made; nil for all but plug-ins, which ``programs`` must list.
    public var checkKinds: Set<String>?
    /// Files that checks of files and logs may look at; nil for any but the agent's own.
    public var paths: [NamePattern]?
    /// Programs that plug-in checks may run, by their whole path.
    public var programs: Set<String> = []
    /// Networks that checks may ask, by address and not by name; nil for any.
    public var checkNetworks: [IPNetwork]?
    /// Checks at most.
    public var mostChecks = AgentPolicy.checkLimit
    /// Least time from one run of a check to the next.
    public var checkInterval = Duration.seconds(1)
    /// Networks whose devices may be probed; nil for any.
    public var networks: [IPNetwork]?
    /// Credentials of the service that devices may be asked with; nil for all.
    public var credentials: [NamePattern]?
    /// Devices at most.
    public var mostDevices = AgentPolicy.deviceLimit
    /// Least time from one whole reading of a device to the next.
    public var deviceInterval = Duration.seconds(5)
    /// Least time from one look at a device to the next.
    public var pollInterval = Duration.seconds(1)
    /// Where the collector may have devices looked for.
    public var discovery = DiscoveryBounds()
    /// Least time from one reading of a source of the inventory to the next.
    public var inventoryInterval = Duration.seconds(1)
    /// Least time from one reading of a metric to the next.
    public var metricInterval = Duration.seconds(1)

    /// Nothing is taken away.
    public init() {}

    /// Where the file lies that belongs to the configuration at `path`.
    public static func path(beside path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "policy.toml" }
        return String(path[...slash]) + "policy.toml"
    }

    /// Reads the file; nothing is taken away where there is none.
    static func load(beside path: String) throws -> PolicyBounds {
        let file = PolicyBounds.path(beside: path)
        do throws(FileError) { try FileGuard.file(file, secret: false) } catch {
            if case .missing = error { return PolicyBounds() }
            throw error
        }
        return try PolicyBounds(try TOMLDocument.load(file))
    }

    /// Reads the text of the file.
    package init(_ root: TOMLTable) throws(TOMLError) {
        isAllowed = try root.bool("allow_policy") ?? true
        allowsUpgrades = try root.bool("allow_upgrades") ?? true
        if let table = try root.table("checks") { try takeChecks(table) }
        if let table = try root.table("devices") { try takeDevices(table) }
        if let table = try root.table("discovery") { discovery = try DiscoveryBounds(table) }
        let span = Duration.seconds(1) ... .seconds(7 * 86_400)
        inventoryInterval = try root.table("inventory")?.duration("least_interval", in: span) ?? inventoryInterval
        metricInterval = try root.table("metrics")?.duration("least_interval", in: span) ?? metricInterval
        try root.finish()
    }

    private mutating func takeChecks(_ table: TOMLTable) throws(TOMLError) {
        checkKinds = try table.words("types", among: CheckCatalogue.kinds.map { $0.kind }).map(Set.init)
        for text in try table.strings("paths") ?? [] {
            guard text.hasPrefix("/") else {
                throw table.refusal(
                    "paths", found: "\"\(text)\"", accepted: "absolute paths, in which * stands for any text")
            }
            paths = (paths ?? []) + [NamePattern(text)]
        }
        if table.contains("paths"), paths == nil { paths = [] }
        for text in try table.strings("programs") ?? [] {
            guard text.hasPrefix("/"), !text.utf8.contains(UInt8(ascii: "*")) else {
                throw table.refusal(
                    "programs", found: "\"\(text)\"", accepted: "absolute paths of programs, each by itself")
            }
            programs.insert(text)
        }
        checkNetworks = try table.networks("networks")
        mostChecks = try table.int("most", in: 0...AgentPolicy.checkLimit) ?? mostChecks
        checkInterval = try table.duration("least_interval", in: .seconds(1) ... .seconds(86_400)) ?? checkInterval
    }

    private mutating func takeDevices(_ table: TOMLTable) throws(TOMLError) {
        networks = try table.networks("networks")
        credentials = try table.strings("credentials", maxBytes: 255)?.map { NamePattern($0) }
        mostDevices = try table.int("most", in: 0...AgentPolicy.deviceLimit) ?? mostDevices
        deviceInterval = try table.duration("least_interval", in: .seconds(5) ... .seconds(86_400)) ?? deviceInterval
        pollInterval = try table.duration("least_poll_interval", in: .seconds(1) ... .seconds(3600)) ?? pollInterval
    }
}
