import HostMetrics
import Inventory
import Model
import TOML

/// Policies as files hold them.
public enum PolicyFile {
    /// Reads all `*.toml` files directly in `directory`; none where there is no such directory.
    /// - Throws: `TOMLError` for the first file that is wrong, with file, line and what is accepted.
    public static func loadAll(in directory: String) throws(TOMLError) -> PolicySet {
        var files: [(policy: Policy, table: TOMLTable)] = []
        for path in try TOMLDocument.files(in: directory) {
            let table = try TOMLDocument.load(path)
            files.append((try read(table, path: path), table))
        }
        return PolicySet(policies: files.map(\.policy), rings: try rings(files))
    }

    /// Reads texts by the path of their file, for tests.
    public static func parse(_ texts: [(path: String, text: String)]) throws(TOMLError) -> PolicySet {
        var files: [(policy: Policy, table: TOMLTable)] = []
        for (path, text) in texts {
            let table = try TOMLDocument.parse(text, file: path)
            files.append((try read(table, path: path), table))
        }
        return PolicySet(policies: files.map(\.policy), rings: try rings(files))
    }

    /// Reads the table of a file called `path`; the policy takes the file's name without `.toml`.
    package static func read(_ table: TOMLTable, path: String) throws(TOMLError) -> Policy {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let upgrade = try table.table("upgrade")
        let ring = try upgrade?.requiredString("ring", maxBytes: 64)
        let version = try upgrade?.string("version", maxBytes: 64)
        if let version, let upgrade, !PolicyUpgrade.isVersion(version) {
            throw upgrade.refusal(
                "version", found: "\"\(version)\"", accepted: "a version as the package has it, such as \"1.2.0\"")
        }
        let probe = try table.table("probe")
        let without = try table.table("without")
        let discovery = try DiscoveryTable.read(table)
        let withoutDiscovery = try without?.bool("discovery") ?? false
        if let without, discovery != nil, withoutDiscovery {
            throw without.refusal("discovery", found: "true beside [discovery]", accepted: "one of the two")
        }
        let policy = Policy(
            name: file.hasSuffix(".toml") ? String(file.dropLast(5)) : file,
            about: try table.requiredString("about", maxBytes: 400), translations: try translations(table),
            selector: try PolicySelector(table),
            inventory: try schedule(table, "inventory", "source", InventoryCatalogue.names),
            metrics: try schedule(table, "metrics", "metric", HostMetricCatalogue.names),
            probeInterval: try span(probe, "interval", .seconds(5) ... .seconds(86_400)),
            pollInterval: try span(probe, "poll_interval", .seconds(1) ... .seconds(3600)),
            checks: try PolicyItems.checks(table), devices: try PolicyItems.devices(table),
            withoutChecks: try without?.strings("checks", maxBytes: 128) ?? [],
            withoutDevices: try without?.strings("devices", maxBytes: 128) ?? [], discovery: discovery,
            withoutDiscovery: withoutDiscovery, ring: ring, version: version)
        try table.finish()
        return policy
    }

    /// One version for each ring, and one for each that is named.
    private static func rings(
        _ files: [(policy: Policy, table: TOMLTable)]
    ) throws(TOMLError) -> [String: String] {
        var rings: [String: String] = [:]
        for (policy, table) in files {
            guard let ring = policy.ring, let version = policy.version else { continue }
            if let other = rings[ring], other != version {
                throw table.refusal(
                    "upgrade", found: "version \(version) of ring \(ring), which has \(other) in an earlier file",
                    accepted: "one version for a ring")
            }
            rings[ring] = version
        }
        for (policy, table) in files {
            guard let ring = policy.ring, rings[ring] == nil else { continue }
            throw table.refusal(
                "upgrade", found: "ring \(ring) without a version",
                accepted: "version, here or in another file of the ring"
            )
        }
        return rings
    }

    private static func translations(_ table: TOMLTable) throws(TOMLError) -> [String: String] {
        guard let languages = try table.table("translation") else { return [:] }
        var texts: [String: String] = [:]
        for language in languages.keys {
            texts[language] = try languages.requiredTable(language).requiredString("about", maxBytes: 400)
        }
        return texts
    }

    private static func schedule(
        _ root: TOMLTable, _ key: String, _ sourceKey: String, _ names: [String]
    ) throws(TOMLError) -> PolicySchedule {
        guard let table = try root.table(key) else { return PolicySchedule() }
        let range = Duration.seconds(1) ... .seconds(7 * 86_400)
        var schedule = PolicySchedule(intervalSeconds: try table.duration("interval", in: range)?.components.seconds)
        guard let sources = try table.table(sourceKey) else { return schedule }
        for name in names {
            guard let own = try sources.table(name) else { continue }
            schedule.sources[name] = PolicySource(
                isEnabled: try own.bool("enabled"),
                intervalSeconds: try own.duration("interval", in: range)?.components.seconds)
        }
        return schedule
    }

    /// A span of time as it is written, once it was read.
    private static func span(
        _ table: TOMLTable?, _ key: String, _ range: ClosedRange<Duration>
    ) throws(TOMLError) -> String? {
        guard let table, try table.duration(key, in: range) != nil else { return nil }
        return try table.string(key)
    }
}

extension PolicySelector {
    /// Reads `[select]`, which must say something: a policy for everybody says `hosts = ["*"]`.
    fileprivate init(_ root: TOMLTable) throws(TOMLError) {
        let table = try root.requiredTable("select")
        let given = try table.strings("hosts", maxBytes: 255)
        let excluded = try table.strings("except", maxBytes: 255) ?? []
        var attributes: [String: NamePattern] = [:]
        if let texts = try table.table("attributes") {
            for name in texts.keys {
                attributes[name] = NamePattern(try texts.requiredString(name, maxBytes: 255), ignoresCase: true)
            }
        }
        guard given?.isEmpty == false || !attributes.isEmpty else {
            throw table.refusal(
                "hosts", found: "missing or empty",
                accepted: "names of hosts such as [\"web-*\"], [\"*\"] for every host, or attributes")
        }
        self.init(
            hosts: (given ?? []).map { NamePattern($0, ignoresCase: true) },
            excluded: excluded.map { NamePattern($0, ignoresCase: true) }, attributes: attributes)
    }
}
