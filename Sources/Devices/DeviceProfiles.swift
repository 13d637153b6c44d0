import Model
import TOML

/// All that is known about vendors and device families: data, read once from a directory.
public struct DeviceProfiles: Sendable {
    /// The families, in the order of their files.
    public var profiles: [DeviceProfile]
    /// Vendors by enterprise number (1.3.6.1.4.1.NUMBER, as registered with IANA).
    public var vendors: [UInt32: String]

    /// The file of the enterprise numbers in a profile directory.
    public static let vendorFile = "enterprises.toml"

    /// What is tried on every device, behind what its family's profile knows.
    public var standard = DeviceProfile(
        name: standardName, objectIDs: [], descriptions: [], vendor: nil, os: nil, kind: nil)
    /// The name of the profile that holds it.
    public static let standardName = "standard"

    /// What a printer is read by whose family nobody described.
    public var printer: DeviceProfile? { profiles.first { $0.name == Self.printerName } }
    /// The name of the profile that holds it.
    public static let printerName = "printer-mib"

    /// What is given; nothing by default, and then only the standard MIBs speak.
    public init(profiles: [DeviceProfile] = [], vendors: [UInt32: String] = [:]) {
        self.profiles = profiles
        self.vendors = vendors
    }

    /// Reads `*.toml` in a directory; throws with file, line and accepted values. No directory is no profiles.
    public init(directory: String) throws(TOMLError) {
        self.init()
        var read: [(DeviceProfile, TOMLTable)] = []
        for path in try TOMLDocument.files(in: directory) {
            let table = try TOMLDocument.load(path)
            if path.hasSuffix("/" + Self.vendorFile) {
                vendors = try Self.vendors(table)
            } else {
                read.append((try DeviceProfile(table), table))
            }
        }
        for (profile, table) in read {
            let whole = try Self.composed(profile, read, table, depth: 0)
            if whole.name == Self.standardName { standard = whole } else { profiles.append(whole) }
        }
    }

    /// A profile with all it extends. Eight steps are more than knowledge needs; a circle has no end.
    private static func composed(
        _ profile: DeviceProfile, _ read: [(DeviceProfile, TOMLTable)], _ table: TOMLTable, depth: Int
    ) throws(TOMLError) -> DeviceProfile {
        var whole = profile
        for name in profile.bases {
            guard depth < 8, let (base, _) = read.first(where: { $0.0.name == name }) else {
                let accepted = depth < 8 ? "the name of another profile" : "no circle of profiles"
                throw table.refusal("extends", found: name, accepted: accepted)
            }
            whole = whole.extending(try composed(base, read, table, depth: depth + 1))
        }
        return whole
    }

    /// The instances whose presence decides between families that fit otherwise.
    func questions(objectID: OID?, description: String) -> [OID] {
        profiles.filter { !$0.presence.isEmpty && $0.fit(objectID: objectID, description: description) != nil }
            .flatMap(\.presence)
    }

    /// The family that fits best; the first of equals. `present` are the instances the device is known to have.
    public func best(objectID: OID?, description: String, present: Set<OID> = []) -> DeviceProfile? {
        var best: (fit: (Int, Int, Int), profile: DeviceProfile)?
        for profile in profiles {
            let fit = profile.fit(objectID: objectID, description: description, present: present)
            guard let fit, best.map({ $0.fit < fit }) ?? true else { continue }
            best = (fit, profile)
        }
        return best?.profile
    }

    /// The vendor behind an object identifier under 1.3.6.1.4.1.
    public func vendor(of objectID: OID?) -> String? {
        let enterprises: OID = [1, 3, 6, 1, 4, 1]
        return objectID?.suffix(after: enterprises)?.first.flatMap { vendors[$0] }
    }

    /// The vendor a description begins with, for devices whose object id names only their SNMP agent.
    public func vendor(beginning description: String) -> String? {
        let text = description.lowercased()
        let fitting = (vendors.values + profiles.compactMap(\.vendor)).filter { name in
            let name = name.lowercased()
            guard name.utf8.count > 2, text.hasPrefix(name) else { return false }
            return text.utf8.dropFirst(name.utf8.count).first.map { !(97...122).contains($0) } ?? true
        }
        return fitting.max { ($0.utf8.count, $1) < ($1.utf8.count, $0) }
    }

    private static func vendors(_ table: TOMLTable) throws(TOMLError) -> [UInt32: String] {
        let names = try table.requiredTable("vendors")
        var vendors: [UInt32: String] = [:]
        for key in names.keys {
            guard let number = UInt32(key) else {
                throw names.refusal(key, found: key, accepted: "an enterprise number as key")
            }
            vendors[number] = try names.requiredString(key, maxBytes: 255)
        }
        try table.finish()
        return vendors
    }
}
