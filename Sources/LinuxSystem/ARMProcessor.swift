/// The names behind the numbers an ARM processor gives (MIDR_EL1: implementer and part).
struct ARMProcessor {
    /// Who designed the core.
    let vendor: String
    /// The core's name, or its part number where it is not known here.
    let model: String

    /// Nil without an implementer.
    init?(implementer: String?, part: String?) {
        guard let implementer, let number = hexadecimal(implementer) else { return nil }
        let vendor = vendors[number] ?? "implementer \(implementer)"
        let core = part.flatMap(hexadecimal)
        let name = number == 0x41 ? core.flatMap { armCores[$0] } : nil
        self.vendor = vendor
        model = name ?? part.map { "\(vendor) part \($0)" } ?? vendor
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

private let armCores: [UInt32: String] = [
    0xb76: "ARM1176", 0xc05: "Cortex-A5", 0xc07: "Cortex-A7", 0xc08: "Cortex-A8", 0xc09: "Cortex-A9",
    0xc0f: "Cortex-A15", 0xc0e: "Cortex-A17", 0xd03: "Cortex-A53", 0xd04: "Cortex-A35", 0xd05: "Cortex-A55",
    0xd07: "Cortex-A57", 0xd08: "Cortex-A72", 0xd09: "Cortex-A73", 0xd0a: "Cortex-A75", 0xd0b: "Cortex-A76",
    0xd0c: "Neoverse-N1", 0xd0d: "Cortex-A77", 0xd40: "Neoverse-V1", 0xd41: "Cortex-A78", 0xd44: "Cortex-X1",
    0xd46: "Cortex-A510", 0xd47: "Cortex-A710", 0xd48: "Cortex-X2", 0xd49: "Neoverse-N2", 0xd4a: "Neoverse-E1",
    0xd4d: "Cortex-A715", 0xd4e: "Cortex-X3", 0xd4f: "Neoverse-V2", 0xd80: "Cortex-A520", 0xd81: "Cortex-A720",
]
