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

    /// RFC1213-MIB, IPV6-MIB (RFC 2465) and IP-MIB (RFC 4293).
    static let ipAdEntry: OID = [1, 3, 6, 1, 2, 1, 4, 20, 1]
    static let ipv6AddrEntry: OID = [1, 3, 6, 1, 2, 1, 55, 1, 8, 1]
    static let ipAddressEntry: OID = [1, 3, 6, 1, 2, 1, 4, 34, 1]

    /// IP-FORWARD-MIB (RFC 4292, RFC 2096) and RFC1213-MIB.
    static let inetCidrRouteNumber: OID = [1, 3, 6, 1, 2, 1, 4, 24, 6, 0]
    static let inetCidrRouteEntry: OID = [1, 3, 6, 1, 2, 1, 4, 24, 7, 1]
    static let ipCidrRouteNumber: OID = [1, 3, 6, 1, 2, 1, 4, 24, 3, 0]
    static let ipCidrRouteEntry: OID = [1, 3, 6, 1, 2, 1, 4, 24, 4, 1]
    static let ipRouteEntry: OID = [1, 3, 6, 1, 2, 1, 4, 21, 1]

    /// ENTITY-MIB (RFC 6933).
    static let entPhysicalEntry: OID = [1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1]

    /// LLDP-V2-MIB (IEEE 802.1AB-2009) and the addresses of neighbours in the first edition.
    static let lldpRemManAddrIfSubtype: OID = [1, 0, 8802, 1, 1, 2, 1, 4, 2, 1, 3]
    static let lldpV2RemEntry: OID = [1, 3, 111, 2, 802, 1, 1, 13, 1, 4, 1, 1]
    static let lldpV2LocChassisIdSubtype: OID = [1, 3, 111, 2, 802, 1, 1, 13, 1, 3, 1, 0]
    static let lldpV2LocChassisId: OID = [1, 3, 111, 2, 802, 1, 1, 13, 1, 3, 2, 0]

    /// CISCO-CDP-MIB, and FOUNDRY-SN-SWITCH-GROUP-MIB, which copied its shape for FDP.
    static let cdpCacheEntry: OID = [1, 3, 6, 1, 4, 1, 9, 9, 23, 1, 2, 1, 1]
    static let snFdpCacheEntry: OID = [1, 3, 6, 1, 4, 1, 1991, 1, 1, 3, 20, 1, 2, 1, 1]

    /// BRIDGE-MIB (RFC 4188) and Q-BRIDGE-MIB (RFC 4363).
    static let dot1dBasePortEntry: OID = [1, 3, 6, 1, 2, 1, 17, 1, 4, 1]
    static let dot1dBaseBridgeAddress: OID = [1, 3, 6, 1, 2, 1, 17, 1, 1, 0]
    static let dot1dStpPortState: OID = [1, 3, 6, 1, 2, 1, 17, 2, 15, 1, 3]
    static let dot1dStpPortDesignatedBridge: OID = [1, 3, 6, 1, 2, 1, 17, 2, 15, 1, 8]
    static let dot1dStpPortDesignatedPort: OID = [1, 3, 6, 1, 2, 1, 17, 2, 15, 1, 9]
    static let dot1dTpFdbEntry: OID = [1, 3, 6, 1, 2, 1, 17, 4, 3, 1]
    static let dot1qTpFdbEntry: OID = [1, 3, 6, 1, 2, 1, 17, 7, 1, 2, 2, 1]
    static let dot1qVlanCurrentEntry: OID = [1, 3, 6, 1, 2, 1, 17, 7, 1, 4, 2, 1]
    static let dot1qVlanStaticEntry: OID = [1, 3, 6, 1, 2, 1, 17, 7, 1, 4, 3, 1]

    /// IEEE8021-Q-BRIDGE-MIB.
    static let ieee8021QBridgeVlanStaticEntry: OID = [1, 3, 111, 2, 802, 1, 1, 4, 1, 4, 3, 1]

    /// CISCO-VTP-MIB.
    static let vtpVlanEntry: OID = [1, 3, 6, 1, 4, 1, 9, 9, 46, 1, 3, 1, 1]

    /// IP-MIB: ipNetToMediaTable (RFC 1213) and ipNetToPhysicalTable (RFC 4293).
    static let ipNetToMediaEntry: OID = [1, 3, 6, 1, 2, 1, 4, 22, 1]
    static let ipNetToPhysicalEntry: OID = [1, 3, 6, 1, 2, 1, 4, 35, 1]

    /// ENTITY-SENSOR-MIB (RFC 3433) and CISCO-ENTITY-SENSOR-MIB.
    static let entPhySensorEntry: OID = [1, 3, 6, 1, 2, 1, 99, 1, 1, 1]
    static let entSensorEntry: OID = [1, 3, 6, 1, 4, 1, 9, 9, 91, 1, 1, 1, 1]

    /// Printer-MIB (RFC 3805).
    static let prtMarkerSuppliesEntry: OID = [1, 3, 6, 1, 2, 1, 43, 11, 1, 1]
    static let prtInputEntry: OID = [1, 3, 6, 1, 2, 1, 43, 8, 2, 1]
    static let prtMarkerColorantEntry: OID = [1, 3, 6, 1, 2, 1, 43, 12, 1, 1]

    /// HOST-RESOURCES-MIB (RFC 2790) and UCD-SNMP-MIB.
    static let hrStorageEntry: OID = [1, 3, 6, 1, 2, 1, 25, 2, 3, 1]
    static let dskEntry: OID = [1, 3, 6, 1, 4, 1, 2021, 9, 1]
    static let ucdMemory: OID = [1, 3, 6, 1, 4, 1, 2021, 4]

    /// OSPF-MIB, BGP4-MIB, CISCO-HSRP-MIB, VRRP-MIB.
    static let ospfNbrEntry: OID = [1, 3, 6, 1, 2, 1, 14, 10, 1]
    static let bgpPeerEntry: OID = [1, 3, 6, 1, 2, 1, 15, 3, 1]
    static let cHsrpGrpEntry: OID = [1, 3, 6, 1, 4, 1, 9, 9, 106, 1, 2, 1, 1]
    static let vrrpOperEntry: OID = [1, 3, 6, 1, 2, 1, 68, 1, 3, 1]
    static let vrrpAssoIpAddrStatus: OID = [1, 3, 6, 1, 2, 1, 68, 1, 4, 1, 2]

    /// EtherLike-MIB, IEEE8023-LAG-MIB, POWER-ETHERNET-MIB.
    static let dot3StatsDuplexStatus: OID = [1, 3, 6, 1, 2, 1, 10, 7, 2, 1, 19]
    static let dot3adAggPortAttachedAggID: OID = [1, 2, 840, 10006, 300, 43, 1, 2, 1, 1, 13]
    static let pethPsePortDetectionStatus: OID = [1, 3, 6, 1, 2, 1, 105, 1, 1, 1, 6]

    /// The column under a table's entry.
    static func columns(_ entry: OID, _ columns: UInt32...) -> [OID] { columns.map { entry.appending($0) } }
}
