import Model

/// The objects that are read, by the name their MIB gives them.
enum MIB {
    /// SNMPv2-MIB (RFC 3418).
    static let sysDescr: OID = [1, 3, 6, 1, 2, 1, 1, 1, 0]
    static let sysObjectID: OID = [1, 3, 6, 1, 2, 1, 1, 2, 0]
    static let sysUpTime: OID = [1, 3, 6, 1, 2, 1, 1, 3, 0]
    static let sysContact: OID = [1, 3, 6, 1, 2, 1, 1, 4, 0]
    static let sysName: OID = [1, 3, 6, 1, 2, 1, 1, 5, 0]
    static let sysLocation: OID = [1, 3, 6, 1, 2, 1, 1, 6, 0]

    /// SNMP-FRAMEWORK-MIB (RFC 3411).
    static let snmpEngineID: OID = [1, 3, 6, 1, 6, 3, 10, 2, 1, 1, 0]

    /// LLDP-MIB (IEEE 802.1AB-2005).
    static let lldpLocChassisIdSubtype: OID = [1, 0, 8802, 1, 1, 2, 1, 3, 1, 0]
    static let lldpLocChassisId: OID = [1, 0, 8802, 1, 1, 2, 1, 3, 2, 0]
    static let lldpLocPortEntry: OID = [1, 0, 8802, 1, 1, 2, 1, 3, 7, 1]
    static let lldpRemEntry: OID = [1, 0, 8802, 1, 1, 2, 1, 4, 1, 1]

    /// IF-MIB (RFC 2863).
    static let ifEntry: OID = [1, 3, 6, 1, 2, 1, 2, 2, 1]
    static let ifXEntry: OID = [1, 3, 6, 1, 2, 1, 31, 1, 1, 1]

    /// RFC1213-MIB and IP-MIB (RFC 4293).
    static let ipAdEntry: OID = [1, 3, 6, 1, 2, 1, 4, 20, 1]
    static let ipAddressEntry: OID = [1, 3, 6, 1, 2, 1, 4, 34, 1]

    /// ENTITY-MIB (RFC 6933).
    static let entPhysicalEntry: OID = [1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1]

    /// The column under a table's entry.
    static func columns(_ entry: OID, _ columns: UInt32...) -> [OID] { columns.map { entry.appending($0) } }
}
