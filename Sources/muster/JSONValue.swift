import FoundationEssentials

/// An answer of the collector, read without knowing its type, so that every member it sends can be shown.
indirect enum JSONValue: Decodable, Hashable {
    case null
    case flag(Bool)
    case integer(Int64)
    case real(Double)
    case text(String)
    case array([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Int64.self) {
            self = .integer(number)
        } else if let number = try? container.decode(Double.self) {
            self = .real(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let values = try? container.decode([JSONValue].self) {
            self = .array(values)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// The member at a dotted path; null where there is none.
    subscript(path: String) -> JSONValue {
        var value = self
        for name in path.split(separator: ".") {
            guard case .object(let members) = value, let member = members[String(name)] else { return .null }
            value = member
        }
        return value
    }

    /// The values of a list; empty for anything else.
    var items: [JSONValue] {
        if case .array(let values) = self { values } else { [] }
    }

    /// The value in one line for people: lists joined, members as `name=value`.
    var display: String {
        switch self {
        case .null: ""
        case .flag(let flag): flag ? "yes" : "no"
        case .integer(let number): String(number)
        case .real(let number): String(number)
        case .text(let text): text
        case .array(let values): values.map(\.display).joined(separator: ", ")
        case .object(let members):
            members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
                .map { "\($0.key)=\($0.value.display)" }.joined(separator: " ")
        }
    }

    /// The text as a body sends it.
    static func body(_ members: [String: Encodable & Sendable]) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        var parts: [[UInt8]] = []
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            parts.append(Array(try encoder.encode(name)) + [UInt8(ascii: ":")] + Array(try encoder.encode(value)))
        }
        return [UInt8(ascii: "{")] + Array(parts.joined(separator: [UInt8(ascii: ",")])) + [UInt8(ascii: "}")]
    }
}
