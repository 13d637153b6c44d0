/// The names behind the numbers an ARM processor gives (MIDR_EL1: implementer and part).
struct ARMProcessor {
    /// Who designed the core.
    let vendor: String
    /// The core's name, or its part number where it is not known here.
    let model: String
    /// Whether the core has a name here.
    let isKnown: Bool

    /// Nil without an implementer.
    init?(implementer: String?, part: String?) {
        guard let implementer, let number = hexadecimal(implementer) else { return nil }
        let vendor = vendors[number] ?? "implementer \(implementer)"
        let core = part.flatMap(hexadecimal)
        let name = core.flatMap { number == 0x41 ? armCores[$0] : otherCores[number << 16 | $0] }
        self.vendor = vendor
        isKnown = name != nil
        model = name ?? part.map { "\(vendor) part \($0)" } ?? vendor
    }

    /// `r1p0` for variant `0x1` and revision `0`; nil without both.
    static func stepping(_ variant: String?, _ revision: String?) -> String? {
        guard let major = variant.flatMap(hexadecimal), let minor = revision.flatMap({ UInt32($0) }) else { return nil }
        return "r\(major)p\(minor)"
    }
}

private func hexadecimal(_ text: String) -> UInt32? {
    text.hasPrefix("0x") ? UInt32(text.dropFirst(2), radix: 16) : nil
}

private let vendors: [UInt32: String] = [
    0x41: "ARM", 0x42: "Broadcom", 0x43: "Cavium", 0x46: "Fujitsu", 0x48: "HiSilicon", 0x4e: "NVIDIA", 0x50: "APM",
    0x51: "Qualcomm", 0x53: "Samsung", 0x56: "Marvell", 0x61: "Apple", 0x66: "Faraday", 0x69: "Intel",
    0x6d: "Microsoft",
    0x70: "Phytium", 0xc0: "Ampere",
]

// The parts that ARM designed itself.
private let armCores: [UInt32: String] = [
    0x810: "ARM810", 0x920: "ARM920", 0x922: "ARM922", 0x926: "ARM926", 0x940: "ARM940", 0x946: "ARM946",
    0x966: "ARM966", 0xb02: "ARM11 MPCore", 0xb36: "ARM1136", 0xb56: "ARM1156", 0xb76: "ARM1176",
    0xc05: "Cortex-A5", 0xc07: "Cortex-A7", 0xc08: "Cortex-A8", 0xc09: "Cortex-A9", 0xc0d: "Cortex-A17",
    0xc0f: "Cortex-A15", 0xc0e: "Cortex-A17", 0xd01: "Cortex-A32", 0xd02: "Cortex-A34", 0xd03: "Cortex-A53",
    0xd04: "Cortex-A35", 0xd05: "Cortex-A55", 0xd06: "Cortex-A65", 0xd07: "Cortex-A57", 0xd08: "Cortex-A72",
    0xd09: "Cortex-A73", 0xd0a: "Cortex-A75", 0xd0b: "Cortex-A76", 0xd0c: "Neoverse-N1", 0xd0d: "Cortex-A77",
    0xd0e: "Cortex-A76AE", 0xd40: "Neoverse-V1", 0xd41: "Cortex-A78", 0xd42: "Cortex-A78AE", 0xd43: "Cortex-A65AE",
    0xd44: "Cortex-X1", 0xd46: "Cortex-A510", 0xd47: "Cortex-A710", 0xd48: "Cortex-X2", 0xd49: "Neoverse-N2",
    0xd4a: "Neoverse-E1", 0xd4b: "Cortex-A78C", 0xd4c: "Cortex-X1C", 0xd4d: "Cortex-A715", 0xd4e: "Cortex-X3",
    0xd4f: "Neoverse-V2", 0xd80: "Cortex-A520", 0xd81: "Cortex-A720", 0xd82: "Cortex-X4", 0xd83: "Neoverse-V3AE",
    0xd84: "Neoverse-V3", 0xd85: "Cortex-X925", 0xd87: "Cortex-A725", 0xd8e: "Neoverse-N3",
]

// Implementer in the upper half, part in the lower one.
private let otherCores: [UInt32: String] = [
    0x42_00ff: "Brahma-B15", 0x42_0100: "Brahma-B53", 0x42_0516: "ThunderX2", 0x43_00a1: "ThunderX-88XX",
    0x43_00a2: "ThunderX-81XX", 0x43_00a3: "ThunderX-83XX", 0x43_00af: "ThunderX2-99xx", 0x46_0001: "A64FX",
    0x48_0d01: "TaiShan-v110", 0x48_0d02: "TaiShan-v120", 0x48_0d40: "Cortex-A76", 0x4e_0000: "Denver",
    0x4e_0003: "Denver 2", 0x4e_0004: "Carmel", 0x50_0000: "X-Gene", 0x51_0c00: "Falkor", 0x51_0800: "Falkor-V1/Kryo",
    0x51_0802: "Kryo-3XX-Gold", 0x51_0803: "Kryo-3XX-Silver", 0x51_0804: "Kryo-4XX-Gold", 0x51_0805: "Kryo-4XX-Silver",
    0x61_0022: "Icestorm-M1", 0x61_0023: "Firestorm-M1", 0x61_0032: "Blizzard-M2", 0x61_0033: "Avalanche-M2",
    0x6d_0d49: "Azure-Cobalt-100", 0x70_0660: "FTC660", 0x70_0661: "FTC661", 0x70_0662: "FTC662", 0x70_0663: "FTC663",
    0x70_0664: "FTC664", 0xc0_0ac3: "Ampere-1", 0xc0_0ac4: "Ampere-1a", 0xc0_0ac5: "Ampere-1b",
]
