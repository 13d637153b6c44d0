import Model
import Wire

/// Reads JSON into a tree. `JSONGuard` goes over the text first and refuses what is not plain JSON with the place.
struct GLPIJSON {
    private let bytes: [UInt8]
    private var position = 0
    private var count = 0

    /// The value in `bytes`.
    static func read(_ bytes: [UInt8]) throws(GLPIRefusal) -> GLPIValue {
        do { try JSONGuard.check(bytes, maximumValueBytes: GLPILimits.textBytes) } catch {
            throw GLPIRefusal(error.description)
        }
        var reader = GLPIJSON(bytes: bytes)
        return try reader.value(depth: 0)
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func refusal() -> GLPIRefusal { GLPIRefusal("JSON: not readable at byte \(position)") }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    /// Steps over `byte` where it stands next.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(GLPIRefusal) -> GLPIValue {
        count += 1
        guard depth < Limits.depth, count <= GLPILimits.values else {
            throw GLPIRefusal("JSON: more than \(GLPILimits.values) values, at byte \(position)", isTooLarge: true)
        }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .text(try string())
        case nil: throw refusal()
        default: return word()
        }
    }

    private mutating func object(depth: Int) throws(GLPIRefusal) -> GLPIValue {
        position += 1
        var members: [String: GLPIValue] = [:]
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            let name = try string()
            guard take(UInt8(ascii: ":")) else { throw refusal() }
            members[name] = try value(depth: depth + 1)
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "}")) else { throw refusal() }
            return .object(members)
        }
    }

    private mutating func array(depth: Int) throws(GLPIRefusal) -> GLPIValue {
        position += 1
        var items: [GLPIValue] = []
        if take(UInt8(ascii: "]")) { return .list(items) }
        while true {
            items.append(try value(depth: depth + 1))
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "]")) else { throw refusal() }
            return .list(items)
        }
    }

    private mutating func string() throws(GLPIRefusal) -> String {
        guard next == UInt8(ascii: "\"") else { throw refusal() }
        position += 1
        var text: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            default: text.append(byte)
            }
        }
        throw refusal()
    }

    private mutating func escape(into text: inout [UInt8]) throws(GLPIRefusal) {
        guard let byte = next else { throw refusal() }
        position += 1
        switch byte {
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "u"):
            var code = try fourDigits()
            if (0xd800..<0xdc00).contains(code) {
                position += 2
                code = 0x10000 + (code - 0xd800) << 10 + (try fourDigits() & 0x3ff)
            }
            guard let scalar = Unicode.Scalar(code), code != 0 else { throw refusal() }
            text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        default: text.append(byte)
        }
    }

    private mutating func fourDigits() throws(GLPIRefusal) -> UInt32 {
        guard bytes.count - position >= 4,
            let octets = decodeHexadecimal(String(decoding: bytes[position..<position + 4], as: UTF8.self)),
            octets.count == 2
        else { throw refusal() }
        position += 4
        return UInt32(octets[0]) << 8 | UInt32(octets[1])
    }

    /// A number, `true`, `false` or `null`.
    private mutating func word() -> GLPIValue {
        let start = position
        while let byte = next, !",]} \n\r\t".utf8.contains(byte) { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        switch word {
        case "true": return .flag(true)
        case "false": return .flag(false)
        case "null": return .null
        default:
            if let number = Int64(word) { return .integer(number) }
            return Double(word).flatMap { $0.isFinite ? .real($0) : nil } ?? .unreadable
        }
    }
}
