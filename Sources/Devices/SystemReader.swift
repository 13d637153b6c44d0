import Model
import SNMP

/// Reads the system group and what identifies the device to others.
struct SystemReader {
    static let oids = [
        MIB.sysDescr, MIB.sysObjectID, MIB.sysUpTime, MIB.sysContact, MIB.sysName, MIB.sysLocation,
    ]
    static let identities = [
        MIB.snmpEngineID, MIB.lldpLocChassisIdSubtype, MIB.lldpLocChassisId, MIB.dot1dBaseBridgeAddress,
    ]

    /// Puts the values into the report.
    static func fill(_ report: inout DeviceReport, from rows: SNMPRows) {
        let values = Dictionary(rows.map { ($0.oid, $0.value) }, uniquingKeysWith: { first, _ in first })
        func text(_ oid: OID) -> String? { DeviceText.text(values[oid]?.octets) }
        report.description = text(MIB.sysDescr)
        report.objectID = values[MIB.sysObjectID]?.objectID.flatMap { $0.parts.isEmpty ? nil : $0 }
        report.uptimeSeconds = values[MIB.sysUpTime]?.number.map { $0 / 100 }
        report.contact = text(MIB.sysContact)
        report.name = text(MIB.sysName)
        report.location = text(MIB.sysLocation)
        if let engine = values[MIB.snmpEngineID]?.octets, (5...32).contains(engine.count) {
            report.engineID = DeviceText.hexadecimal(engine)
        }
        report.bridgeAddress = values[MIB.dot1dBaseBridgeAddress]?.octets.flatMap { MACAddress(octets: $0) }
            .flatMap { $0.isFiller || $0.isMulticast ? nil : $0 }
        if let subtype = values[MIB.lldpLocChassisIdSubtype]?.number, let id = values[MIB.lldpLocChassisId]?.octets {
            report.lldpChassisID = LLDPIdentifier.chassis(subtype: subtype, octets: id)?.text
        }
    }
}
