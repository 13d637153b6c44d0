import Model

/// Values that makers, hypervisors and images put where an identity should be: they match nothing (threats M20).
public enum JunkIdentity {
    /// Serial numbers, upper case.
    static let serials: Set<String> = [
        "", "0", "00", "000", "0000", "00000000", "0000000000", "0123456789", "123456789", "1234567890", "01234567",
        "012345678", "12345678", "1234567", "123456", "12345", "1234", "NONE", "N/A", "NA", "NULL", "UNKNOWN",
        "DEFAULT",
        "DEFAULT STRING", "SYSTEM SERIAL NUMBER", "CHASSIS SERIAL NUMBER", "BASE BOARD SERIAL NUMBER", "SERIAL NUMBER",
        "SERIAL", "TO BE FILLED BY O.E.M.", "TO BE FILLED BY OEM", "NOT SPECIFIED", "NOT AVAILABLE", "NOT APPLICABLE",
        "NOT PRESENT", "OEM", "O.E.M.", "EMPTY", "INVALID", "INVALID SERIAL", "NO SERIAL", "SN", "S/N", "TEST",
        "XXXXXXX",
        "XXXXXXXXXX", "...............", "-", ".", "EVAL", "SSN", "SYS-1234567890", "UNDEFINED",
    ]

    /// UUIDs as 32 lower-case digits.
    static let uuids: Set<String> = [
        "03000200040005000006000700080009", "12345678123456789012345678901234", "12345678123456781234567812345678",
        "123456781234567890abcddeefaabbcc", "123456781234567890abcdef12345678", "00020003000400050006000700080009",
        "fefefefefefefefefefefefefefefefe", "00112233445566778899aabbccddeeff", "0123456789abcdef0123456789abcdef",
    ]

    /// Whether a serial number says nothing: listed, one repeated character, or only punctuation.
    public static func isJunk(serial: String) -> Bool {
        serials.contains(serial) || isRepeated(serial)
            || !serial.utf8.contains { (48...57).contains($0) || (65...90).contains($0) }
    }

    /// Whether a UUID of 32 lower-case digits says nothing.
    public static func isJunk(uuid: String) -> Bool { uuids.contains(uuid) || isRepeated(uuid) }

    /// Whether a MAC address is one that many devices have: first-hop redundancy protocols answer for groups.
    public static func isShared(_ mac: MACAddress) -> Bool {
        // VRRP and CARP for IPv4 and IPv6, HSRP version 1 and 2.
        let (first40, first36) = (mac.bits >> 8, mac.bits >> 12)
        return first40 == 0x00_005e_0001 || first40 == 0x00_005e_0002 || first40 == 0x00_000c_07ac
            || first36 == 0x0_0000_c9ff
    }

    private static func isRepeated(_ text: String) -> Bool { Set(text.utf8).count <= 1 }
}
