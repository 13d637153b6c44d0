import Model
import TOML

/// What is known about a family of devices beyond the standard MIBs: one file in `agent-config/profiles`.
///
/// A profile without `[match]` fits no device and is there to be extended.
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
    /// Profiles whose knowledge this one has, too: their places stand behind its own.
    public var bases: [String] = []
    /// Where the family keeps sensors.
    public var sensors: [SensorTable] = []
    /// Where the family keeps VLANs when Q-BRIDGE-MIB is silent.
    public var vlans: VLANTable?
    /// Where the family keeps volumes beside those of HOST-RESOURCES-MIB.
    public var volumes: [VolumeTable] = []
    /// Where the family, a wireless controller, keeps its access points.
    public var accessPoints: [AccessPointTable] = []
    /// Where the family, a hypervisor, keeps its virtual machines.
    public var guests: [GuestTable] = []
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
        "management", "appliance", "camera", "phone",
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
        if objectIDs.isEmpty, descriptions.isEmpty { return nil }
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
        bases = try table.strings("extends", maxBytes: 255) ?? []
        objectIDs = []
        descriptions = []
        if let match = try table.table("match") {
            objectIDs = try match.oids("object_id")
            descriptions = try match.strings("description", maxBytes: 255) ?? []
            presence = try match.oids("presence")
            if objectIDs.isEmpty, descriptions.isEmpty { throw match.missing("object_id") }
        }
        vendor = try table.string("vendor", maxBytes: 255)
        os = try table.string("os", maxBytes: 255)
        kind = try table.word("kind", among: Self.kinds)
        overridesEntity = Set(try table.words("overrides_entity", among: ["model", "version", "serial"]) ?? [])
        model = try FactSource(table.table("model"))
        version = try FactSource(table.table("version"))
        serial = try FactSource(table.table("serial"))
        for sensor in try table.tables("sensors") { sensors.append(try SensorTable(sensor)) }
        for volume in try table.tables("volumes") { volumes.append(try VolumeTable(volume)) }
        for points in try table.tables("access_points") { accessPoints.append(try AccessPointTable(points)) }
        for guest in try table.tables("guests") { guests.append(try GuestTable(guest)) }
        vlans = try table.table("vlans").map { table throws(TOMLError) in try VLANTable(table) }
        try table.finish()
    }

    /// The profile on a device: places below sysObjectID are whole.
    func profile(on objectID: OID?) -> DeviceProfile {
        var profile = self
        profile.model = model.source(on: objectID)
        profile.version = version.source(on: objectID)
        profile.serial = serial.source(on: objectID)
        return profile
    }

    /// All objects to read for its facts.
    var places: [FactPlace] { [model, version, serial].flatMap(\.allPlaces) }

    /// The profile with what `base` knows behind what it knows itself.
    func extending(_ base: DeviceProfile) -> DeviceProfile {
        var profile = self
        profile.vendor = vendor ?? base.vendor
        profile.os = os ?? base.os
        profile.kind = kind ?? base.kind
        profile.model = model.extending(base.model)
        profile.version = version.extending(base.version)
        profile.serial = serial.extending(base.serial)
        profile.overridesEntity.formUnion(base.overridesEntity)
        profile.sensors += base.sensors
        profile.volumes += base.volumes
        profile.accessPoints += base.accessPoints
        profile.guests += base.guests
        profile.vlans = vlans ?? base.vlans
        return profile
    }
}
