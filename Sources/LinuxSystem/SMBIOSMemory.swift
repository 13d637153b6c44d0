// Memory in the firmware's tables: DSP0134 §7.17 (array, type 16) and §7.18 (device, type 17).

extension SMBIOSTable.Structure {
    /// `DDR4` and the like, of a type 17 structure.
    public var memoryType: String? { byte(0x12).flatMap { memoryTypes[$0] } }

    /// `DIMM`, `SODIMM` …
    public var memoryFormFactor: String? { byte(0x0e).flatMap { formFactors[$0] } }

    /// The fastest rate in megatransfers a second; nil where unknown.
    public var memorySpeed: UInt32? { speed(0x15, extended: 0x54) }

    /// The rate it is set to.
    public var configuredMemorySpeed: UInt32? { speed(0x20, extended: 0x58) }

    /// How errors are corrected, of a type 16 structure.
    public var memoryErrorCorrection: String? {
        byte(6).flatMap { [3: "none", 4: "parity", 5: "single-bit ECC", 6: "multi-bit ECC", 7: "CRC"][$0] }
    }

    /// Whether a type 16 structure is about the system's memory and not that of a card.
    public var isSystemMemory: Bool { byte(5) == 3 }

    /// The most that a type 16 array takes, in bytes.
    public var memoryMaximumBytes: UInt64? {
        guard let kibibytes = doubleWord(7) else { return nil }
        if kibibytes != 0x8000_0000 { return kibibytes == 0 ? nil : UInt64(kibibytes) << 10 }
        guard let low = doubleWord(0x0f), let high = doubleWord(0x13) else { return nil }
        return UInt64(high) << 32 | UInt64(low)
    }

    private func speed(_ offset: Int, extended: Int) -> UInt32? {
        guard let speed = word(offset), speed != 0 else { return nil }
        return speed == 0xffff ? doubleWord(extended).map { $0 & 0x7fff_ffff } : UInt32(speed)
    }
}

private let memoryTypes: [UInt8: String] = [
    0x03: "DRAM", 0x04: "EDRAM", 0x05: "VRAM", 0x06: "SRAM", 0x07: "RAM", 0x08: "ROM", 0x09: "Flash", 0x0a: "EEPROM",
    0x0b: "FEPROM", 0x0c: "EPROM", 0x0d: "CDRAM", 0x0e: "3DRAM", 0x0f: "SDRAM", 0x10: "SGRAM", 0x11: "RDRAM",
    0x12: "DDR", 0x13: "DDR2", 0x14: "DDR2 FB-DIMM", 0x18: "DDR3", 0x19: "FBD2", 0x1a: "DDR4", 0x1b: "LPDDR",
    0x1c: "LPDDR2", 0x1d: "LPDDR3", 0x1e: "LPDDR4", 0x1f: "Logical non-volatile device", 0x20: "HBM", 0x21: "HBM2",
    0x22: "DDR5", 0x23: "LPDDR5", 0x24: "HBM3",
]

private let formFactors: [UInt8: String] = [
    0x03: "SIMM", 0x04: "SIP", 0x05: "Chip", 0x06: "DIP", 0x07: "ZIP", 0x08: "Proprietary Card", 0x09: "DIMM",
    0x0a: "TSOP", 0x0b: "Row Of Chips", 0x0c: "RIMM", 0x0d: "SODIMM", 0x0e: "SRIMM", 0x0f: "FB-DIMM", 0x10: "Die",
    0x11: "CAMM",
]
