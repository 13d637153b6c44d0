import Model
import SNMP

/// Takes the lines of a recording one by one; a value of `snmpwalk` may go on over several.
struct RecordingReader {
    private(set) var rows: [SNMPRow] = []
    private(set) var skipped = 0
    private var open: (oid: OID, type: String, text: [UInt8])?

    mutating func take(_ line: ArraySlice<UInt8>) {
        if let row = snmprec(line) {
            end()
            rows.append(row)
        } else if let (oid, type, text) = snmpwalk(line) {
            end()
            open = (oid, type, text)
        } else if open != nil {
            open?.text += [10] + line
        } else if !line.isEmpty, line.first != UInt8(ascii: "#") {
            skipped += 1
        }
    }

    /// What was open is whole.
    mutating func end() {
        guard let (oid, type, text) = open else { return }
        open = nil
        if let value = WalkText.value(type, text) { rows.append(SNMPRow(oid, value)) } else { skipped += 1 }
    }

    /// `OID|TAG|VALUE`; TAG is the ASN.1 type, with `x` for hexadecimal and `e` for backslash escapes behind it.
    private func snmprec(_ line: ArraySlice<UInt8>) -> SNMPRow? {
        let fields = line.split(separator: UInt8(ascii: "|"), maxSplits: 2, omittingEmptySubsequences: false)
        guard fields.count == 3, fields[0].count < 1024, let oid = OID(String(decoding: fields[0], as: UTF8.self))
        else { return nil }
        var tag = fields[1]
        var value = Array(fields[2])
        if tag.last == UInt8(ascii: "x") {
            tag.removeLast()
            guard let bytes = WalkText.hexadecimal(value) else { return nil }
            value = bytes
        } else if tag.last == UInt8(ascii: "e") {
            tag.removeLast()
            value = WalkText.unescaped(value)
        }
        guard let number = UInt8(String(decoding: tag, as: UTF8.self)) else { return nil }
        return RecordingReader.value(number, value).map { SNMPRow(oid, $0) }
    }

    private static func value(_ tag: UInt8, _ bytes: [UInt8]) -> SNMPValue? {
        let text = String(decoding: bytes.prefix(2048), as: UTF8.self)
        switch tag {
        case 2: return Int64(text).map { .integer($0) }
        case 4: return .octets(bytes)
        case 5: return .null
        case 6: return OID(text).map { .oid($0) }
        case 64:
            // Some recordings hold the four octets themselves.
            return (IPAddress(text) ?? (bytes.count == 4 ? IPAddress(octets: bytes) : nil)).map { .ipAddress($0) }
        case 65: return UInt32(text).map { .counter32($0) }
        case 66: return UInt32(text).map { .gauge32($0) }
        case 67: return UInt32(text).map { .timeticks($0) }
        case 68: return .opaque(bytes)
        case 70: return UInt64(text).map { .counter64($0) }
        default: return nil
        }
    }

    /// `.1.3.6.1.2.1.1.5.0 = STRING: "name"`
    private func snmpwalk(_ line: ArraySlice<UInt8>) -> (OID, String, [UInt8])? {
        guard let first = line.first, first == UInt8(ascii: ".") || first == UInt8(ascii: "1"),
            let equals = line.prefix(1024).firstIndex(of: UInt8(ascii: "=")), equals > line.startIndex,
            line[equals - 1] == 32
        else { return nil }
        guard let oid = OID(String(decoding: line[..<(equals - 1)], as: UTF8.self)) else { return nil }
        var rest = line[(equals + 1)...]
        if rest.first == 32 { rest.removeFirst() }
        if rest.first == UInt8(ascii: "\"") { return (oid, "STRING", Array(rest)) }
        guard let colon = rest.prefix(24).firstIndex(of: UInt8(ascii: ":")) else {
            return (oid, String(decoding: rest.prefix(64), as: UTF8.self), [])
        }
        var text = rest[(colon + 1)...]
        if text.first == 32 { text.removeFirst() }
        return (oid, String(decoding: rest[..<colon], as: UTF8.self), Array(text))
    }
}

/// Values as net-snmp's programs print them with `-On`, and the digits and escapes in which octets are written.
enum WalkText {
    static func value(_ type: String, _ bytes: [UInt8]) -> SNMPValue? {
        let text = String(decoding: bytes.prefix(2048), as: UTF8.self)
        switch type {
        case "STRING": return .octets(unquoted(bytes))
        case "Hex-STRING", "BITS": return hexadecimal(hexadecimalPart(bytes)).map { .octets($0) }
        case "INTEGER": return number(text).map { .integer($0) }
        case "OID": return OID(text).map { .oid($0) }
        case "IpAddress", "Network Address":
            if let address = IPAddress(text) { return .ipAddress(address) }
            return hexadecimal(bytes.filter { $0 != UInt8(ascii: ":") }).flatMap {
                $0.count == 4 ? IPAddress(octets: $0) : nil
            }.map { .ipAddress($0) }
        case "Counter32": return number(text).flatMap { UInt32(exactly: $0) }.map { .counter32($0) }
        case "Gauge32", "Unsigned32", "UInteger32":
            return number(text).flatMap { UInt32(exactly: $0) }.map { .gauge32($0) }
        case "Timeticks":
            return number(text.hasPrefix("(") ? String(text.dropFirst()) : text).flatMap { UInt32(exactly: $0) }
                .map { .timeticks($0) }
        case "Counter64": return UInt64(text.prefix { $0.isASCII && $0.isNumber }).map { .counter64($0) }
        case "NULL": return .null
        case "Opaque": return .opaque(Array(text.utf8))
        default: return nil
        }
    }

    /// The number a text begins with, or the one in brackets behind a name: `5`, `5 seconds`, `up(1)`.
    private static func number(_ text: String) -> Int64? {
        var digits = Substring(text)
        if let bracket = text.lastIndex(of: "("), text.hasSuffix(")") { digits = text[text.index(after: bracket)...] }
        return Int64(digits.prefix { $0 == "-" || ("0"..."9").contains($0) })
    }

    private static func unquoted(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count >= 2, bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\"") else {
            return bytes
        }
        return unescaped(Array(bytes[1..<(bytes.count - 1)]), hasLetters: false)
    }

    /// net-snmp puts the text of the octets in brackets behind them on request.
    private static func hexadecimalPart(_ bytes: [UInt8]) -> [UInt8] {
        Array(bytes.prefix { $0 != UInt8(ascii: "[") })
    }

    /// Pairs of digits with blanks and line ends between them; nil on anything else.
    static func hexadecimal(_ bytes: [UInt8]) -> [UInt8]? {
        decodeHexadecimal(bytes.lazy.filter { $0 != 32 && $0 != 10 && $0 != 13 })
    }

    /// `\n`, `\r`, `\t`, `\xHH` where `hasLetters`; any other octet behind a backslash as itself.
    static func unescaped(_ bytes: [UInt8], hasLetters: Bool = true) -> [UInt8] {
        var octets: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
                octets.append(bytes[index])
                index += 1
                continue
            }
            let next = bytes[index + 1]
            index += 2
            switch next {
            case UInt8(ascii: "n") where hasLetters: octets.append(10)
            case UInt8(ascii: "r") where hasLetters: octets.append(13)
            case UInt8(ascii: "t") where hasLetters: octets.append(9)
            case UInt8(ascii: "x") where hasLetters && index + 1 < bytes.count:
                octets += hexadecimal(Array(bytes[index...(index + 1)])) ?? []
                index += 2
            default: octets.append(next)
            }
        }
        return octets
    }
}
