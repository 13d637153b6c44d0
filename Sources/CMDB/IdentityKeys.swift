import Model
import Stores

/// Finds the keys in a section that tell one machine from all others, strongest first.
public enum IdentityKeys {
    /// Kinds, strongest first. A match by a weaker kind that a stronger one contradicts is no match.
    public static let kinds = ["serial", "uuid", "machine-id", "chassis", "mac", "address"]

    /// Kinds of which one machine has one value at a time: a different value contradicts.
    static let single: Set<String> = ["serial", "uuid", "machine-id", "chassis"]

    /// Keys stated by a section, strongest first; junk, shared and locally administered values are left out.
    public static func stated(by statement: SectionStatement) -> [IdentityKey] {
        stated(
            by: statement.items, section: statement.section, subject: statement.subject, agent: statement.agent)
    }

    static func stated(
        by items: [SectionItem], section: SectionName, subject: SectionStatement.Subject, agent: String
    ) -> [IdentityKey] {
        switch section {
        case .system: return system(items.first?.attributes ?? [:], subject, agent)
        case .interfaces:
            return items.flatMap { item in
                ["mac", "permanent_mac"].compactMap { name in
                    (item.attributes[name]?.text).flatMap(mac).map { IdentityKey("mac", $0) }
                }
            }
        default: return []
        }
    }

    private static func system(
        _ facts: [String: AttributeValue], _ subject: SectionStatement.Subject, _ agent: String
    ) -> [IdentityKey] {
        var keys: [IdentityKey] = []
        // A container shows the serial and UUID of the machine below it.
        if facts["kind"]?.text != "container" {
            if let serial = serial(facts) { keys.append(IdentityKey("serial", serial)) }
            let uuids = ["uuid", "system_uuid"].compactMap { facts[$0]?.text }
            if let uuid = uuids.lazy.compactMap(uuid).first { keys.append(IdentityKey("uuid", uuid)) }
        }
        if let id = (facts["machine_id"]?.text).flatMap(machineID) { keys.append(IdentityKey("machine-id", id)) }
        if let chassis = (facts["lldp_chassis_id"] ?? facts["chassis_id"])?.text.flatMap(chassis) {
            keys.append(IdentityKey("chassis", chassis))
        }
        // One network's address may be another's: it counts only as the same agent sees it.
        if case .device(_, let address?) = subject, let address = IPAddress(address), !address.isLoopback {
            keys.append(IdentityKey("address", "\(address)@\(agent)"))
        }
        return keys
    }

    /// `vendor|SERIAL`; the vendor by its first word, because `Dell` and `Dell Inc.` are one.
    static func serial(_ facts: [String: AttributeValue]) -> String? {
        guard let stated = (facts["serial"] ?? facts["serial_number"])?.text else { return nil }
        let serial = stated.trimmedASCII.uppercased()
        guard serial.utf8.count <= 255, !JunkIdentity.isJunk(serial: serial) else { return nil }
        let vendor = (facts["vendor"]?.text ?? "").lowercased().split { !$0.isLetter && !$0.isNumber }.first ?? ""
        return "\(vendor.prefix(32))|\(serial)"
    }

    /// 32 digits in whichever of the two byte orders sorts first: SMBIOS before 2.6 and some firmware swap the first
    /// three fields (DSP0134, 7.2.1), and both spellings are one machine.
    public static func uuid(_ text: String) -> String? {
        let digits = text.lowercased().utf8.filter { $0 != UInt8(ascii: "-") }
        guard digits.count == 32, digits.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
            return nil
        }
        let swapped = [6, 7, 4, 5, 2, 3, 0, 1, 10, 11, 8, 9, 14, 15, 12, 13].map { digits[$0] } + digits[16...]
        let plain = String(decoding: digits, as: UTF8.self)
        let other = String(decoding: swapped, as: UTF8.self)
        if JunkIdentity.isJunk(uuid: plain) || JunkIdentity.isJunk(uuid: other) { return nil }
        return min(plain, other)
    }

    /// machine-id(5): 32 lower-case digits, not all alike.
    static func machineID(_ text: String) -> String? {
        let digits = Array(text.utf8)
        guard digits.count == 32, digits.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }),
            !JunkIdentity.isJunk(uuid: text)
        else { return nil }
        return text
    }

    /// An LLDP chassis id (IEEE 802.1AB); one that is a MAC must be as good as an interface's.
    static func chassis(_ text: String) -> String? {
        guard (1...255).contains(text.utf8.count) else { return nil }
        return MACAddress(text) == nil ? text.lowercased() : mac(text)
    }

    /// A universally administered address of one interface.
    static func mac(_ text: String) -> String? {
        guard let mac = MACAddress(text), !mac.isLocallyAdministered, !mac.isMulticast, !mac.isFiller,
            !JunkIdentity.isShared(mac)
        else { return nil }
        return mac.description
    }
}

extension String {
    /// Without ASCII white space at either end.
    var trimmedASCII: String {
        let isSpace: (UInt8) -> Bool = { $0 == 32 || (9...13).contains($0) }
        var bytes = Array(utf8)[...]
        while let first = bytes.first, isSpace(first) { bytes.removeFirst() }
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
