/// The header of an installed RPM package as its database keeps it: an index of tags and a store of their values.
public struct RPMHeader: Sendable {
    private let store: ArraySlice<UInt8>
    private var entries: [UInt32: (type: UInt32, offset: Int, count: Int)] = [:]

    /// Tags of rpmtag.h.
    public enum Tag: UInt32, CaseIterable, Sendable {
        case name = 1000, version = 1001, release = 1002, epoch = 1003, installTime = 1008, size = 1009, vendor = 1011
        case license = 1014, packager = 1015, architecture = 1022, sourcePackage = 1044, longSize = 5009
        case modularityLabel = 5096
    }

    private static let wanted = Set(Tag.allCases.map(\.rawValue))

    /// Nil when the counts do not fit the bytes.
    public init?(_ bytes: ArraySlice<UInt8>) {
        guard let count = bytes.bigEndian(at: 0, count: 4), let length = bytes.bigEndian(at: 4, count: 4),
            count <= 1 << 16, length <= 64 << 20, bytes.count >= 8 + Int(count) * 16 + Int(length)
        else { return nil }
        let start = bytes.startIndex + 8 + Int(count) * 16
        store = bytes[start..<(start + Int(length))]
        for index in 0..<Int(count) {
            let place = 8 + index * 16
            guard let tag = bytes.bigEndian(at: place, count: 4), RPMHeader.wanted.contains(UInt32(tag)),
                let type = bytes.bigEndian(at: place + 4, count: 4),
                let offset = bytes.bigEndian(at: place + 8, count: 4),
                let number = bytes.bigEndian(at: place + 12, count: 4)
            else { continue }
            entries[UInt32(tag)] = (UInt32(type), Int(offset), Int(number))
        }
    }

    /// A text (type 6), or the first of several (8, 9).
    public func text(_ tag: Tag) -> String? {
        guard let entry = entries[tag.rawValue], [6, 8, 9].contains(entry.type), entry.offset < store.count else {
            return nil
        }
        let bytes = store[(store.startIndex + entry.offset)...].prefix(4096).prefix { $0 != 0 }
        return bytes.isEmpty ? nil : ByteText(slice: bytes).trimmed.string
    }

    /// A number of 32 (type 4) or 64 bits (type 5).
    public func number(_ tag: Tag) -> UInt64? {
        guard let entry = entries[tag.rawValue], entry.count > 0 else { return nil }
        switch entry.type {
        case 4: return store.bigEndian(at: entry.offset, count: 4)
        case 5: return store.bigEndian(at: entry.offset, count: 8)
        default: return nil
        }
    }
}
