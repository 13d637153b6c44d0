import Model

/// The one stored form of a value: a tag, then text that a person can read in the database.
///
/// `sTEXT`, `i42`, `r0.5`, `b1`, `l` with netstrings (`3:abc`), and for an item's attributes `d` with netstrings of
/// name and value in turn, in order of the names' bytes. Equal values have equal bytes, so they are stored once.
enum StoredValue {
    static func encode(_ value: AttributeValue) -> [UInt8] {
        switch value {
        case .text(let text): return [UInt8(ascii: "s")] + text.utf8
        case .integer(let number): return [UInt8(ascii: "i")] + String(number).utf8
        case .real(let number): return [UInt8(ascii: "r")] + String(number).utf8
        case .flag(let flag): return Array(flag ? "b1".utf8 : "b0".utf8)
        case .list(let items):
            var bytes = [UInt8(ascii: "l")]
            for item in items { appendNetstring(Array(item.utf8), to: &bytes) }
            return bytes
        }
    }

    static func encode(_ attributes: [String: AttributeValue]) -> [UInt8] {
        var bytes = [UInt8(ascii: "d")]
        let sorted = attributes.map { (Array($0.key.utf8), $0.value) }
            .sorted { $0.0.lexicographicallyPrecedes($1.0) }
        for (name, value) in sorted {
            appendNetstring(name, to: &bytes)
            appendNetstring(encode(value), to: &bytes)
        }
        return bytes
    }

    /// The value; nil when the bytes are of no known form, which means a damaged or newer file.
    static func decode(_ bytes: some Collection<UInt8>) -> AttributeValue? {
        let rest = bytes.dropFirst()
        let text = String(decoding: rest, as: UTF8.self)
        switch bytes.first {
        case UInt8(ascii: "s"): return .text(text)
        case UInt8(ascii: "i"): return Int64(text).map { .integer($0) }
        case UInt8(ascii: "r"): return Double(text).map { .real($0) }
        case UInt8(ascii: "b"): return .flag(text == "1")
        case UInt8(ascii: "l"):
            return netstrings(Array(rest)).map { .list($0.map { String(decoding: $0, as: UTF8.self) }) }
        default: return nil
        }
    }

    /// An item's attributes; nil as for ``decode(_:)``.
    static func decodeAttributes(_ bytes: some Collection<UInt8>) -> [String: AttributeValue]? {
        guard bytes.first == UInt8(ascii: "d"), let parts = netstrings(Array(bytes.dropFirst())),
            parts.count.isMultiple(of: 2)
        else { return nil }
        var attributes: [String: AttributeValue] = [:]
        for index in stride(from: 0, to: parts.count, by: 2) {
            guard let value = decode(parts[index + 1]) else { return nil }
            attributes[String(decoding: parts[index], as: UTF8.self)] = value
        }
        return attributes
    }

    private static func appendNetstring(_ content: [UInt8], to bytes: inout [UInt8]) {
        bytes += String(content.count).utf8
        bytes.append(UInt8(ascii: ":"))
        bytes += content
    }

    private static func netstrings(_ bytes: [UInt8]) -> [ArraySlice<UInt8>]? {
        var parts: [ArraySlice<UInt8>] = []
        var position = 0
        while position < bytes.count {
            guard let colon = bytes[position...].prefix(8).firstIndex(of: UInt8(ascii: ":")),
                let count = Int(String(decoding: bytes[position..<colon], as: UTF8.self)), count >= 0,
                count <= bytes.count - colon - 1
            else { return nil }
            parts.append(bytes[(colon + 1)..<(colon + 1 + count)])
            position = colon + 1 + count
        }
        return parts
    }
}
