import Model

/// A JSON value to be written: members in the order of the code, so that answers read the same every time.
public indirect enum JSON: Sendable {
    /// `null`
    case null
    /// `true` or `false`
    case flag(Bool)
    /// A whole number.
    case integer(Int64)
    /// A number with a fraction; not finite ones become `null`.
    case real(Double)
    /// A text.
    case text(String)
    /// A list.
    case array([JSON])
    /// Members in order.
    case object([(String, JSON)])

    /// The value in UTF-8.
    public var bytes: [UInt8] {
        var output: [UInt8] = []
        write(to: &output)
        return output
    }

    private func write(to output: inout [UInt8]) {
        switch self {
        case .null: output += "null".utf8
        case .flag(let flag): output += (flag ? "true" : "false").utf8
        case .integer(let number): output += String(number).utf8
        case .real(let number): output += (number.isFinite ? String(number) : "null").utf8
        case .text(let text): JSON.write(text, to: &output)
        case .array(let values):
            output.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                value.write(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                JSON.write(member.0, to: &output)
                output.append(UInt8(ascii: ":"))
                member.1.write(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, to output: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
            case 0..<0x20, 0x7f:
                output += "\\u00".utf8
                output += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
    /// A text.
    public init(stringLiteral value: String) { self = .text(value) }
    /// A flag.
    public init(booleanLiteral value: Bool) { self = .flag(value) }
    /// A whole number.
    public init(integerLiteral value: Int64) { self = .integer(value) }
}

extension JSON {
    /// A text, or null.
    static func optional(_ text: String?) -> JSON { text.map(JSON.text) ?? .null }
    /// A whole number, or null.
    static func optional(_ number: Int64?) -> JSON { number.map(JSON.integer) ?? .null }
    /// A moment in RFC 3339.
    static func time(_ moment: Timestamp) -> JSON { .text(moment.rfc3339) }
    /// A moment in RFC 3339, or null.
    static func time(_ moment: Timestamp?) -> JSON { moment.map { .text($0.rfc3339) } ?? .null }
    /// A count that may be larger than a signed number: written as a number while it is exact in every reader, else text.
    static func count(_ number: UInt64) -> JSON {
        number < 1 << 53 ? .integer(Int64(number)) : .text(String(number))
    }
    /// A fact's value as itself.
    static func value(_ value: AttributeValue) -> JSON {
        switch value {
        case .text(let text): .text(text)
        case .integer(let number): .integer(number)
        case .real(let number): .real(number)
        case .flag(let flag): .flag(flag)
        case .list(let items): .array(items.map(JSON.text))
        }
    }
    /// Facts by name, sorted.
    static func attributes(_ attributes: [String: AttributeValue]) -> JSON {
        .object(
            attributes.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, .value($0.value)) })
    }
    /// One page of a listing with the cursor of the next; nil when this is the last.
    static func page(_ items: [JSON], next: String?) -> JSON {
        .object([("items", .array(items)), ("next", .optional(next))])
    }
}
