import Model

/// An access point as its wireless controller lists it.
public struct DeviceAccessPoint: Hashable, Sendable, DeviceRow {
    /// How the controller's table calls it: its MAC address, serial number or name, else numbers.
    public var index: String
    /// What people call it.
    public var name: String?
    /// Who made it: whoever made its controller.
    public var vendor: String?
    /// The MAC address of its cable's end.
    public var mac: MACAddress?
    /// Its model.
    public var model: String?
    /// Its serial number.
    public var serial: String?
    /// The address under which the controller knows it.
    public var address: IPAddress?
    /// Its software.
    public var version: String?
    /// Where it hangs, in the controller's words.
    public var location: String?
    /// The group, zone or profile it belongs to.
    public var group: String?
    /// One of ``AccessPointTable/stateWords``; nil where the controller does not tell.
    public var state: String?
    /// Wireless clients at the moment.
    public var clients: Int64?

    /// One of which only the index is known.
    public init(index: String) { self.index = index }

    var key: String { index }
    var facts: DeviceFacts {
        var facts = DeviceFacts()
        facts["name"] = name
        facts["vendor"] = vendor
        facts["mac"] = mac?.description
        facts["model"] = model
        facts["serial"] = serial
        facts["address"] = address?.description
        facts["version"] = version
        facts["location"] = location
        facts["group"] = group
        facts["state"] = state
        return facts
    }

    func addReadings(to facts: inout DeviceFacts) { facts[number: "clients"] = clients }

    /// Takes what is not known yet.
    mutating func fill(from other: DeviceAccessPoint) {
        name = name ?? other.name
        mac = mac ?? other.mac
        model = model ?? other.model
        serial = serial ?? other.serial
        address = address ?? other.address
        version = version ?? other.version
        location = location ?? other.location
        group = group ?? other.group
        state = state ?? other.state
        clients = clients ?? other.clients
    }
}
