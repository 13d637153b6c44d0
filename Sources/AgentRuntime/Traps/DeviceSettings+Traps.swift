import SNMP

extension DeviceSettings {
    /// The device as a sender of traps.
    var trapSource: SNMPTrapSource {
        SNMPTrapSource(name: name, addresses: [target.address] + trapAddresses, credential: target.credential)
    }
}
