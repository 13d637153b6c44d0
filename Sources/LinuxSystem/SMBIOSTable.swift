/// The firmware's tables (DMTF DSP0134, SMBIOS), as the kernel shows them in /sys/firmware/dmi/tables/DMI.
public struct SMBIOSTable: Hashable, Sendable {
    /// The structures in the order of the firmware.
    public var structures: [Structure]

    /// One structure: its formatted bytes and its strings.
    public struct Structure: Hashable, Sendable {
        /// What it describes: 1 system, 2 board, 3 chassis, 4 processor, 17 memory device …
        public var type: UInt8
        /// The number by which other structures name it.
        public var handle: UInt16 { word(2) ?? 0xffff }

        /// The formatted area with its four header bytes.
        public var bytes: [UInt8]
        /// The strings, numbered from 1 in the formatted area.
        public var strings: [String]

        /// The byte at an offset of the formatted area; nil outside of it.
        public func byte(_ offset: Int) -> UInt8? { bytes.indices.contains(offset) ? bytes[offset] : nil }

        /// The little-endian word at an offset; nil outside of the formatted area.
        public func word(_ offset: Int) -> UInt16? {
            guard let low = byte(offset), let high = byte(offset + 1) else { return nil }
            return UInt16(high) << 8 | UInt16(low)
        }

        /// The little-endian double word at an offset; nil outside of the formatted area.
        public func doubleWord(_ offset: Int) -> UInt32? {
            guard let low = word(offset), let high = word(offset + 2) else { return nil }
            return UInt32(high) << 16 | UInt32(low)
        }

        /// The string whose number is at an offset, trimmed; nil where there is none or it is empty.
        public func string(_ offset: Int) -> String? {
            guard let number = byte(offset), number > 0, Int(number) <= strings.count else { return nil }
            let text = ByteText(strings[Int(number) - 1].utf8).trimmed.string
            return text.isEmpty ? nil : text
        }
    }

    /// Reads the kernel's copy; absent on machines without SMBIOS, unreadable without privileges.
    public static func read(_ root: SystemRoot) throws(SystemReadError) -> SMBIOSTable {
        var table = SMBIOSTable(try root.bytes("/sys/firmware/dmi/tables/DMI", limit: 4 << 20))
        if let entry = try? root.bytes("/sys/firmware/dmi/tables/smbios_entry_point", limit: 4096) {
            table.isOlderThan26 = isOlderThan26(entry)
        }
        return table
    }

    /// Whether the firmware is of a standard before 2.6, which did not say in which order a UUID's bytes stand.
    public private(set) var isOlderThan26 = false

    private static func isOlderThan26(_ entry: [UInt8]) -> Bool {
        guard entry.starts(with: Array("_SM_".utf8)), entry.count > 7 else { return false }
        return (entry[6], entry[7]) < (2, 6)
    }

    /// The machine's UUID; nil where it is not set.
    public var systemUUID: String? { first(1)?.uuid(isOlderThan26: isOlderThan26) }

    /// The structure of a type that others call by `handle`.
    public func structure(handle: UInt16, type: UInt8) -> Structure? {
        structures.first { $0.type == type && $0.handle == handle }
    }

    /// Parses the table up to its end marker (type 127) or the first structure that does not fit.
    public init(_ bytes: [UInt8]) {
        structures = []
        var position = 0
        while position + 4 <= bytes.count, structures.count < 10_000 {
            let length = Int(bytes[position + 1])
            guard length >= 4, position + length <= bytes.count else { return }
            let formatted = Array(bytes[position..<(position + length)])
            var (strings, end) = readStrings(bytes, from: position + length)
            // What follows a gap is more strings where no structure begins: some firmware writes empty ones inside.
            while end + 4 <= bytes.count, strings.count < 256, !isHead(bytes, end) {
                let more = readStrings(bytes, from: end)
                guard more.1 > end else { break }
                strings += [""] + more.0
                end = more.1
            }
            structures.append(Structure(type: bytes[position], bytes: formatted, strings: strings))
            if bytes[position] == 127 { return }
            position = end
        }
    }

    /// The first structure of a type.
    public func first(_ type: UInt8) -> Structure? { structures.first { $0.type == type } }

    /// All structures of a type.
    public func all(_ type: UInt8) -> [Structure] { structures.filter { $0.type == type } }
}

extension SMBIOSTable.Structure {
    /// The UUID of a type 1 structure in its text form, bytes in the order of SMBIOS 2.6 (first three fields
    /// little-endian); nil where it is not set (all zeros or all ones).
    public var systemUUID: String? { uuid(isOlderThan26: false) }

    /// The same with the bytes as they stand for firmware of an older standard.
    func uuid(isOlderThan26: Bool) -> String? {
        guard type == 1, bytes.count >= 24 else { return nil }
        let raw = Array(bytes[8..<24])
        guard !raw.allSatisfy({ $0 == 0 }), !raw.allSatisfy({ $0 == 0xff }) else { return nil }
        let order = isOlderThan26 ? Array(0..<16) : [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (index, place) in order.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(raw[place] >> 4)])
            text.append(digits[Int(raw[place] & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The size of a type 17 memory device in bytes (§7.18); nil where the slot is empty or the size unknown.
    public var memoryDeviceBytes: UInt64? {
        guard type == 17, let size = word(12), size != 0, size != 0xffff else { return nil }
        if size == 0x7fff { return doubleWord(28).map { UInt64($0 & 0x7fff_ffff) << 20 } }
        // Bit 15 tells the unit: kilobytes when set, else megabytes.
        return size & 0x8000 != 0 ? UInt64(size & 0x7fff) << 10 : UInt64(size) << 20
    }
}

/// Whether a structure may begin here: types 48 to 125 are given to nobody, and letters and digits are among them.
private func isHead(_ bytes: [UInt8], _ place: Int) -> Bool {
    bytes[place + 1] >= 4 && !(48...125).contains(bytes[place])
}

/// The strings behind a structure and where the next structure begins: they end at the first double zero, as the standard
/// says.
private func readStrings(_ bytes: [UInt8], from start: Int) -> ([String], Int) {
    var strings: [String] = []
    var position = start
    if position + 1 < bytes.count, bytes[position] == 0, bytes[position + 1] == 0 { return ([], position + 2) }
    while position < bytes.count, bytes[position] != 0 {
        let end = bytes[position...].firstIndex(of: 0) ?? bytes.count
        strings.append(String(decoding: bytes[position..<min(end, position + 4096)], as: UTF8.self))
        position = end + 1
    }
    return (strings, position + 1)
}
