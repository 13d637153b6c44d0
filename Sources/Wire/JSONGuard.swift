import Model

/// Why a JSON text was refused before it was decoded.
public struct JSONGuardError: Error, Hashable, CustomStringConvertible {
    /// What is wrong.
    public let reason: String
    /// Offset of the octet at which it was seen.
    public let offset: Int

    /// One line: what and where.
    public var description: String { "JSON: \(reason) at byte \(offset)" }
}

/// A linear look over JSON (RFC 8259) that refuses what decoders let pass: duplicate names, NUL, a byte order mark,
/// deep nesting, long names and values, invalid UTF-8, trailing octets (threats M1, M2).
public struct JSONGuard {
    private let bytes: [UInt8]
    private var position = 0
    private let maximumValueBytes: Int

    /// Checks `bytes`; returns when a strict decoder may read them.
    public static func check(_ bytes: [UInt8], maximumValueBytes: Int = Limits.valueBytes) throws(JSONGuardError) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw JSONGuardError(reason: "not UTF-8", offset: 0)
        }
        var scan = JSONGuard(bytes: bytes, maximumValueBytes: maximumValueBytes)
        scan.skipSpace()
        try scan.value(depth: 0)
        scan.skipSpace()
        guard scan.position == bytes.count else { throw scan.error("octets behind the value") }
    }

    private init(bytes: [UInt8], maximumValueBytes: Int) {
        self.bytes = bytes
        self.maximumValueBytes = maximumValueBytes
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func error(_ reason: String) -> JSONGuardError { JSONGuardError(reason: reason, offset: position) }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    private mutating func expect(_ byte: UInt8, _ what: String) throws(JSONGuardError) {
        guard next == byte else { throw error("\(what) expected") }
        position += 1
    }

    private mutating func value(depth: Int) throws(JSONGuardError) {
        guard depth < Limits.depth else { throw error("nested deeper than \(Limits.depth)") }
        switch next {
        case UInt8(ascii: "{"): try object(depth: depth)
        case UInt8(ascii: "["): try array(depth: depth)
        case UInt8(ascii: "\""): _ = try string(limit: maximumValueBytes)
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try number()
        }
    }

    private mutating func object(depth: Int) throws(JSONGuardError) {
        position += 1
        var names: Set<[UInt8]> = []
        skipSpace()
        if next == UInt8(ascii: "}") {
            position += 1
            return
        }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw error("name expected") }
            let name = try string(limit: Limits.nameBytes)
            guard names.insert(name).inserted else { throw error("name given twice") }
            skipSpace()
            try expect(UInt8(ascii: ":"), "':'")
            skipSpace()
            try value(depth: depth + 1)
            skipSpace()
            if next == UInt8(ascii: ",") {
                position += 1
                continue
            }
            return try expect(UInt8(ascii: "}"), "',' or '}'")
        }
    }

    private mutating func array(depth: Int) throws(JSONGuardError) {
        position += 1
        skipSpace()
        if next == UInt8(ascii: "]") {
            position += 1
            return
        }
        while true {
            skipSpace()
            try value(depth: depth + 1)
            skipSpace()
            if next == UInt8(ascii: ",") {
                position += 1
                continue
            }
            return try expect(UInt8(ascii: "]"), "',' or ']'")
        }
    }

    /// Reads a string and returns it unescaped, so that two spellings of one name are seen as one.
    private mutating func string(limit: Int) throws(JSONGuardError) -> [UInt8] {
        position += 1
        var text: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return text
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw error("bare control character")
            default: text.append(byte)
            }
            guard text.count <= limit else { throw error("text over \(limit) bytes") }
        }
        throw error("text does not end")
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONGuardError) {
        guard let byte = next else { throw error("text does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "u"): try unicodeEscape(into: &text)
        default: throw error("unknown escape")
        }
    }

    private mutating func unicodeEscape(into text: inout [UInt8]) throws(JSONGuardError) {
        var code = try fourDigits()
        if (0xd800..<0xdc00).contains(code) {
            try expect(UInt8(ascii: "\\"), "second half of a surrogate pair")
            try expect(UInt8(ascii: "u"), "second half of a surrogate pair")
            let low = try fourDigits()
            guard (0xdc00..<0xe000).contains(low) else { throw error("broken surrogate pair") }
            code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
        }
        guard code != 0, let scalar = Unicode.Scalar(code) else { throw error("NUL or half a surrogate pair") }
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    private mutating func fourDigits() throws(JSONGuardError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("four hexadecimal digits expected")
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }

    private mutating func word(_ text: StaticString) throws(JSONGuardError) {
        let wanted = Array(text.description.utf8)
        guard bytes[position...].starts(with: wanted) else { throw error("value expected") }
        position += wanted.count
    }

    /// `-`, digits without a leading zero, a fraction, an exponent (RFC 8259 §6).
    private mutating func number() throws(JSONGuardError) {
        let start = position
        if next == UInt8(ascii: "-") { position += 1 }
        guard let first = next, isDigit(first) else { throw error("value expected") }
        let whole = position
        try digits()
        guard first != UInt8(ascii: "0") || position - whole == 1 else { throw error("number with a leading zero") }
        if next == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        guard position - start <= 64 else { throw error("number longer than 64 characters") }
    }

    private mutating func digits() throws(JSONGuardError) {
        let start = position
        while let byte = next, isDigit(byte) { position += 1 }
        guard position > start else { throw error("digit expected") }
    }
}

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
