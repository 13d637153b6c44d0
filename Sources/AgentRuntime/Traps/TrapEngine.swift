import Wire

/// Who this agent is among SNMP engines, for devices that send informs over SNMPv3.
enum TrapEngine {
    /// The same for one agent for ever, so that devices can be told it: net-snmp's enterprise number, 5 for octets of its own choice,
    /// and 16 octets of the agent's id (RFC 3411 §5, SnmpEngineID).
    static func id(of agent: String) -> [UInt8] {
        [0x80, 0x00, 0x1f, 0x88, 0x05] + SHA256Digest(of: agent.utf8).octets.prefix(16)
    }
}
