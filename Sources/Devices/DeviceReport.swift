import Model

/// A part of a device that is read on its own.
public enum DevicePart: String, Hashable, Sendable, CaseIterable {
    /// The system group (SNMPv2-MIB) and the facts that tell who made it.
    case system
    /// ifTable and ifXTable (IF-MIB).
    case interfaces
    /// ipAddrTable (RFC 1213) and ipAddressTable (RFC 4293).
    case addresses
    /// entPhysicalTable (ENTITY-MIB).
    case entities
    /// lldpRemTable and lldpLocPortTable (LLDP-MIB), LLDP-V2-MIB, CDP and FDP.
    case neighbours
    /// VLANs (Q-BRIDGE-MIB, CISCO-VTP-MIB, the family's own table).
    case vlans
    /// Forwarding tables (BRIDGE-MIB, Q-BRIDGE-MIB; on Cisco one per VLAN).
    case forwarding
    /// ipNetToMediaTable and ipNetToPhysicalTable (IP-MIB).
    case arp
    /// ENTITY-SENSOR-MIB and the tables of profiles.
    case sensors
    /// prtMarkerSuppliesTable (Printer-MIB).
    case supplies
    /// hrStorageTable (HOST-RESOURCES-MIB) and UCD-SNMP-MIB.
    case volumes
    /// OSPF, BGP, HSRP, VRRP.
    case peers
    /// How many routes there are, and the default routes (IP-FORWARD-MIB, RFC1213-MIB).
    case routes
    /// The access points of a wireless controller, where its family's profile knows their table.
    case accessPoints = "access_points"
    /// The virtual machines of a hypervisor, where its family's profile knows their table.
    case guests
}

/// Everything read from one device at one time.
public struct DeviceReport: Hashable, Sendable {
    /// Who made it.
    public var vendor: String?
    /// Operating system, short.
    public var os: String?
    /// Model of the chassis.
    public var model: String?
    /// Version of the operating system.
    public var version: String?
    /// Serial number of the chassis.
    public var serial: String?
    /// What it is for: see ``DeviceProfile/kinds``.
    public var kind: String?
    /// sysName.
    public var name: String?
    /// sysDescr, on one line.
    public var description: String?
    /// sysObjectID.
    public var objectID: OID?
    /// sysLocation.
    public var location: String?
    /// sysContact.
    public var contact: String?
    /// sysUpTime in whole seconds; wraps after 497 days.
    public var uptimeSeconds: Int64?
    /// snmpEngineID in hexadecimal.
    public var engineID: String?
    /// lldpLocChassisId as other devices' neighbours show it.
    public var lldpChassisID: String?
    /// dot1dBaseBridgeAddress: the address its spanning tree names it by.
    public var bridgeAddress: MACAddress?
    /// Interfaces by ifIndex.
    public var interfaces: [DeviceInterface] = []
    /// Its own addresses.
    public var addresses: [DeviceAddress] = []
    /// What it hears over LLDP.
    public var neighbours: [DeviceNeighbour] = []
    /// Chassis, modules, ports.
    public var entities: [DeviceEntity] = []
    /// VLANs by number.
    public var vlans: [DeviceVLAN] = []
    /// Behind which port a MAC address was seen.
    public var forwarding: [DeviceForwarding] = []
    /// Which MAC address an IP address has.
    public var arp: [DeviceARP] = []
    /// What it measures.
    public var sensors: [DeviceSensor] = []
    /// How to read the sensors again; nil where there is none.
    public var sensorPlan: SensorPlan?
    /// What it uses up.
    public var supplies: [DeviceSupply] = []
    /// File systems and memory.
    public var volumes: [DeviceVolume] = []
    /// Routers it speaks with or stands in for.
    public var peers: [DevicePeer] = []
    /// What it tells of its routes.
    public var routes = DeviceRoutes()
    /// Access points it controls.
    public var accessPoints: [DeviceAccessPoint] = []
    /// Virtual machines that run on it.
    public var guests: [DeviceGuest] = []
    /// How the reading went.
    public var receipt = DeviceReceipt()

    /// An empty report.
    public init() {}
}

/// One interface (IF-MIB).
public struct DeviceInterface: Hashable, Sendable {
    /// ifIndex.
    public var index: UInt32
    /// ifName, else ifDescr, else the index.
    public var name: String
    /// ifDescr.
    public var descr: String?
    /// ifAlias: what a person wrote on it.
    public var alias: String?
    /// ifType by name where it is a common one, else its number.
    public var type: String?
    /// ifMtu in bytes.
    public var mtu: Int64?
    /// Bits per second, from ifHighSpeed where there is one.
    public var speedBitsPerSecond: Int64?
    /// ifPhysAddress.
    public var mac: MACAddress?
    /// `up`, `down`, `testing`.
    public var admin: String?
    /// `up`, `down`, `testing`, `unknown`, `dormant`, `notPresent`, `lowerLayerDown`.
    public var oper: String?
    /// `half`, `full` (EtherLike-MIB).
    public var duplex: String?
    /// ifIndex of the aggregate it is part of (IEEE8023-LAG-MIB).
    public var aggregate: UInt32?
    /// State of the spanning tree (BRIDGE-MIB): `forwarding`, `blocking`, …
    public var spanningTree: String?
    /// dot1dBasePort: its number in the bridge.
    public var bridgePort: UInt32?
    /// The port that speaks for its segment (BRIDGE-MIB); nil where it does so itself, or takes no part.
    public var designated: DesignatedPort?
    /// Power over Ethernet (POWER-ETHERNET-MIB): `delivering`, `searching`, …
    public var power: String?
    /// ifLinkUpDownTrapEnable: whether the device tells by itself of changes of its link.
    public var tellsLink: Bool?
    /// Octets and errors since the device's start.
    public var counters = DeviceCounters()

    /// An interface of which only the index is known.
    public init(index: UInt32) {
        self.index = index
        name = String(index)
    }

    /// The state of its link; nil where the device does not tell, or something else (`testing`, `dormant`).
    public var link: DeviceLink? { DeviceLink(admin: admin, oper: oper) }
}

/// Counters of an interface; 64 bits where the device has them.
public struct DeviceCounters: Hashable, Sendable {
    /// Octets received.
    public var inOctets: UInt64?
    /// Octets sent.
    public var outOctets: UInt64?
    /// Packets received with errors.
    public var inErrors: UInt64?
    /// Packets not sent because of errors.
    public var outErrors: UInt64?

    /// No counters.
    public init() {}
}

/// An address of the device.
public struct DeviceAddress: Hashable, Sendable {
    /// The address.
    public var address: IPAddress
    /// Bits of its prefix, where the device tells.
    public var prefixLength: Int?
    /// The interface's ifIndex, where the device tells.
    public var interface: UInt32?

    /// An address.
    public init(address: IPAddress, prefixLength: Int?, interface: UInt32?) {
        self.address = address
        self.prefixLength = prefixLength
        self.interface = interface
    }
}

/// What stands at the other end of a cable (LLDP, IEEE 802.1AB; CDP; FDP).
public struct DeviceNeighbour: Hashable, Sendable {
    /// `lldp`, `cdp`, `fdp`.
    public var proto = "lldp"
    /// Addresses under which the other device is managed.
    public var addresses: [IPAddress] = []
    /// Its model, where the protocol tells (CDP, FDP).
    public var platform: String?
    /// The name of the local port: the interface's, else what LLDP calls it.
    public var localPort: String
    /// ifIndex of the local port, where it could be told.
    public var localInterface: UInt32?
    /// The other chassis.
    public var chassisID: String
    /// `mac`, `ip`, `ifname`, `ifalias`, `local`, `component`.
    public var chassisIDType: String
    /// The other device's name.
    public var chassisName: String?
    /// The other device's description.
    public var chassisDescription: String?
    /// The other port.
    public var portID: String
    /// See `chassisIDType`.
    public var portIDType: String
    /// The other port's description.
    public var portDescription: String?

    /// A neighbour heard over LLDP.
    public init(
        localPort: String, localInterface: UInt32?, chassisID: String, chassisIDType: String, chassisName: String?,
        chassisDescription: String?, portID: String, portIDType: String, portDescription: String?
    ) {
        self.localPort = localPort
        self.localInterface = localInterface
        self.chassisID = chassisID
        self.chassisIDType = chassisIDType
        self.chassisName = chassisName
        self.chassisDescription = chassisDescription
        self.portID = portID
        self.portIDType = portIDType
        self.portDescription = portDescription
    }
}

/// A physical thing in a device (ENTITY-MIB).
public struct DeviceEntity: Hashable, Sendable {
    /// entPhysicalIndex.
    public var index: UInt32
    /// entPhysicalContainedIn; 0 for the outermost.
    public var containedIn: UInt32?
    /// entPhysicalClass by name.
    public var entityClass: String
    /// entPhysicalName.
    public var name: String?
    /// entPhysicalDescr.
    public var description: String?
    /// entPhysicalModelName.
    public var model: String?
    /// entPhysicalSerialNum.
    public var serial: String?
    /// entPhysicalMfgName.
    public var manufacturer: String?
    /// entPhysicalHardwareRev.
    public var hardwareRevision: String?
    /// entPhysicalFirmwareRev.
    public var firmwareRevision: String?
    /// entPhysicalSoftwareRev.
    public var softwareRevision: String?
}

/// How the reading of a device went.
public struct DeviceReceipt: Hashable, Sendable {
    /// Messages sent.
    public var requests = 0
    /// Messages sent again.
    public var retries = 0
    /// Rows read.
    public var rows = 0
    /// Seconds it took.
    public var seconds = 0.0
    /// What was asked for and not answered to its end: the part and why.
    public var notAnswered: [DevicePart: String] = [:]
    /// Parts that were read to their end, also where the device has none of it.
    public var complete: Set<DevicePart> = []
    /// Why the device as a whole could not be read; nil where it answered.
    public var failure: String?

    /// An empty receipt.
    public init() {}
}
