import Model
import SNMP

/// Records a device for replay: everything it tells, without what is nobody's business.
public enum DeviceRecorder {
    /// What is read: LLDP, the standard MIBs, the vendors' MIBs, the engine id, IEEE 802.1 and 802.3. Users,
    /// communities and access rules (1.3.6.1.6.3.15, .16, .18) are never asked for.
    public static let roots: [OID] = [
        [1, 0, 8802], [1, 2, 840, 10006], [1, 3, 6, 1, 2, 1], [1, 3, 6, 1, 4, 1], [1, 3, 6, 1, 6, 3, 10],
        [1, 3, 111, 2],
    ]

    /// The rows as snmprec. Contact and location become empty; octets that hold one of `secrets` (the community) are
    /// blotted out, and with `hidesSerials` every text that is a serial number of ENTITY-MIB, Printer-MIB or `serials`.
    public static func snmprec(
        _ rows: some Sequence<SNMPRow>, secrets: [String], hidesSerials: Bool, serials: [String] = []
    ) -> String {
        var hidden: Set<[UInt8]> = []
        if hidesSerials {
            hidden = Set(serials.map { Array($0.utf8) })
            for row in rows where isSerial(row.oid) { if let text = row.value.octets { hidden.insert(text) } }
            hidden = hidden.filter { $0.count >= 4 }
        }
        var unique: [OID: SNMPValue] = [:]
        for row in rows where unique[row.oid] == nil { unique[row.oid] = row.value }
        var text = ""
        for (oid, value) in unique.sorted(by: { $0.key < $1.key }) {
            guard let line = line(oid, scrubbed(oid, value, secrets, hidden)) else { continue }
            text += line + "\n"
        }
        return text
    }

    private static func isSerial(_ oid: OID) -> Bool {
        MIB.entPhysicalEntry.appending(11).isPrefix(of: oid)
            || ([1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17] as OID).isPrefix(of: oid)
    }

    private static func scrubbed(
        _ oid: OID, _ value: SNMPValue, _ secrets: [String], _ hidden: Set<[UInt8]>
    ) -> SNMPValue {
        guard case .octets(let octets) = value else { return value }
        if oid == MIB.sysContact || oid == MIB.sysLocation { return .octets([]) }
        let holdsSecret = secrets.contains { secret in
            // "public" is in many harmless words, and no secret.
            secret.utf8.count >= 4 && secret != "public" && contains(octets, Array(secret.utf8))
        }
        if holdsSecret || hidden.contains(octets) {
            return .octets([UInt8](repeating: UInt8(ascii: "X"), count: octets.count))
        }
        return value
    }

    private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        guard bytes.count >= part.count else { return false }
        return (0...(bytes.count - part.count)).contains { bytes[$0..<($0 + part.count)].elementsEqual(part) }
    }

    private static func line(_ oid: OID, _ value: SNMPValue) -> String? {
        switch value {
        case .integer(let number): return "\(oid)|2|\(number)"
        case .octets(let octets):
            let isPlain = octets.allSatisfy { (32...126).contains($0) }
            return isPlain
                ? "\(oid)|4|" + String(decoding: octets, as: UTF8.self) : "\(oid)|4x|" + digits(octets)
        case .null: return "\(oid)|5|"
        case .oid(let other): return "\(oid)|6|\(other)"
        case .ipAddress(let address): return "\(oid)|64|\(address)"
        case .counter32(let number): return "\(oid)|65|\(number)"
        case .gauge32(let number): return "\(oid)|66|\(number)"
        case .timeticks(let number): return "\(oid)|67|\(number)"
        case .opaque(let octets): return "\(oid)|68x|" + digits(octets)
        case .counter64(let number): return "\(oid)|70|\(number)"
        case .noSuchObject, .noSuchInstance, .endOfMib: return nil
        }
    }

    private static func digits(_ octets: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: octets.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
