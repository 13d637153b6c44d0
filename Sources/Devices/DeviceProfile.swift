import Model
import TOML

/// Where a fact is found: instances to read and patterns for sysDescr, tried in that order.
public struct FactSource: Hashable, Sendable {
    /// A fixed value; nothing is read then.
    public var value: String?
    /// Instances to read; the first with text wins.
    public var oids: [OID] = []
    /// Patterns for sysDescr; the first that fits wins.
    public var patterns: [TextPattern] = []

    /// A source; nowhere by default.
    public init(value: String? = nil, oids: [OID] = [], patterns: [TextPattern] = []) {
        self.value = value
        self.oids = oids
        self.patterns = patterns
    }
}

/// What is known about a family of devices beyond the standard MIBs: one file in `agent-config/profiles`.
public struct DeviceProfile: Hashable, Sendable {
    /// The name, as in the file.
    public var name: String
    /// Beginnings of sysObjectID, any of which fits; empty where only the description counts.
    public var objectIDs: [OID]
    /// Texts in sysDescr, any of which fits; empty where only the object id counts.
    public var descriptions: [String]
    /// Instances, any of which the device must have: for families whose object id names only their SNMP agent.
    public var presence: [OID] = []
    /// The vendor's name, where the profile knows it better than the enterprise number.
    public var vendor: String?
    /// The operating system's short name.
    public var os: String?
    /// `network`, `wireless`, `firewall`, `server`, `storage`, `printer`, `power`, `environment`, `management`, …
    public var kind: String?
    /// Where model, version and serial are found.
    public var model = FactSource()
    /// See `model`.
    public var version = FactSource()
    /// See `model`.
    public var serial = FactSource()
    /// Facts this profile knows better than the chassis in the ENTITY-MIB: `model`, `version`, `serial`.
    public var overridesEntity: Set<String> = []

    /// A profile made by hand.
    public init(
        name: String, objectIDs: [OID], descriptions: [String], presence: [OID] = [], vendor: String?, os: String?,
        kind: String?, model: FactSource = FactSource(), version: FactSource = FactSource(),
        serial: FactSource = FactSource(), overridesEntity: Set<String> = []
    ) {
        self.name = name
        self.objectIDs = objectIDs
        self.descriptions = descriptions
        self.presence = presence
        self.vendor = vendor
        self.os = os
        self.kind = kind
        self.model = model
        self.version = version
        self.serial = serial
        self.overridesEntity = overridesEntity
    }

    /// The kinds a device can be.
    public static let kinds = [
        "network", "wireless", "firewall", "loadbalancer", "server", "storage", "printer", "power", "environment",
        "management", "appliance",
    ]

    /// How well the profile fits: presence first, then the longest object id that fits, then the longest text; nil
    /// where it does not.
    func fit(objectID: OID?, description: String, present: Set<OID>) -> (Int, Int, Int)? {
        guard let (length, text) = fit(objectID: objectID, description: description) else { return nil }
        if presence.isEmpty { return (0, length, text) }
        return presence.contains(where: present.contains) ? (1, length, text) : nil
    }

    /// The same, before it is known what the device has.
    func fit(objectID: OID?, description: String) -> (Int, Int)? {
        var length = 0
        if !objectIDs.isEmpty {
            guard let objectID, let best = objectIDs.filter({ $0.isPrefix(of: objectID) }).map(\.parts.count).max()
            else { return nil }
            length = best
        }
        guard !descriptions.isEmpty else { return (length, 0) }
        let lowered = description.lowercased()
        let fitting = descriptions.filter { lowered.contains($0.lowercased()) }
        return fitting.map(\.utf8.count).max().map { (length, $0) }
    }
}

extension DeviceProfile {
    /// Reads a profile; unknown keys and values are refused with their place.
    public init(_ table: TOMLTable) throws(TOMLError) {
        name = try table.requiredString("name", maxBytes: 255)
        let match = try table.requiredTable("match")
        objectIDs = try Self.oids(match, "object_id")
        descriptions = try match.strings("description", maxBytes: 255) ?? []
        presence = try Self.oids(match, "presence")
        if objectIDs.isEmpty, descriptions.isEmpty { throw match.missing("object_id") }
        vendor = try table.string("vendor", maxBytes: 255)
        os = try table.string("os", maxBytes: 255)
        kind = try table.word("kind", among: Self.kinds)
        overridesEntity = Set(try table.words("overrides_entity", among: ["model", "version", "serial"]) ?? [])
        model = try Self.source(table, "model")
        version = try Self.source(table, "version")
        serial = try Self.source(table, "serial")
        try table.finish()
    }

    private static func source(_ parent: TOMLTable, _ key: String) throws(TOMLError) -> FactSource {
        guard let table = try parent.table(key) else { return FactSource() }
        var source = FactSource()
        source.value = try table.string("value", maxBytes: 255)
        source.oids = try oids(table, "oid")
        for text in try table.strings("pattern", maxBytes: 255) ?? [] {
            guard let pattern = TextPattern(text) else {
                throw table.refusal("pattern", found: text, accepted: "a text with one {} or {word}")
            }
            source.patterns.append(pattern)
        }
        return source
    }

    private static func oids(_ table: TOMLTable, _ key: String) throws(TOMLError) -> [OID] {
        var oids: [OID] = []
        for text in try table.strings(key, maxBytes: 1024) ?? [] {
            guard let oid = OID(text) else {
                throw table.refusal(key, found: text, accepted: "an object identifier like 1.3.6.1.4.1.9.1")
            }
            oids.append(oid)
        }
        return oids
    }
}
