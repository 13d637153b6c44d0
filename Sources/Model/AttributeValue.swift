/// A fact's value: one of a closed set of shapes, so that nothing from outside can name a type.
///
/// In JSON a value is written as itself (`"text"`, `8`, `0.5`, `true`, `["a", "b"]`). Sizes carry their unit in the
/// attribute's name (`memory.size_bytes`), never in the value.
public enum AttributeValue: Hashable, Sendable {
    /// UTF-8 text, at most ``Limits/valueBytes`` bytes on the wire.
    case text(String)
    /// A whole number.
    case integer(Int64)
    /// A finite number with a fraction; NaN and infinities are refused at the door.
    case real(Double)
    /// Yes or no.
    case flag(Bool)
    /// A list of texts in a stable order (the reader sorts where order has no meaning).
    case list([String])

    /// The value as a person reads it: lists joined by `, `.
    public var display: String {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        case .real(let number): String(number)
        case .flag(let flag): flag ? "true" : "false"
        case .list(let items): items.joined(separator: ", ")
        }
    }

    /// The text, where the value is one.
    public var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    /// The whole number, where the value is one.
    public var integer: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    /// The list, where the value is one.
    public var list: [String]? {
        if case .list(let items) = self { items } else { nil }
    }
}

extension AttributeValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    /// A text.
    public init(stringLiteral value: String) { self = .text(value) }
    /// A whole number.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A flag.
    public init(booleanLiteral value: Bool) { self = .flag(value) }
}

extension AttributeValue: Codable {
    /// Reads the value from its plain JSON form; a text is tried first because nearly all values are texts and each
    /// attempt that fails costs an error, a bool before a number because it is none here.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Int64.self) {
            self = .integer(number)
        } else if let number = try? container.decode(Double.self) {
            guard number.isFinite else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "a number must be finite")
            }
            self = .real(number)
        } else {
            self = .list(try container.decode([String].self))
        }
    }

    /// Writes the value in its plain JSON form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .integer(let number): try container.encode(number)
        case .real(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        case .list(let items): try container.encode(items)
        }
    }
}
