import SNMP

extension DeviceSettings {
    /// The device as a sender of traps with the credential that it takes.
    func trapSource(_ credential: SNMPCredential) -> SNMPTrapSource {
        SNMPTrapSource(name: name, addresses: [target.address] + trapAddresses, credential: credential)
    }
}
