import FoundationEssentials
import Model

/// A JSON value of any shape, for documents whose form others have fixed.
enum JSONValue: Encodable {
    case text(String)
    case integer(Int64)
    /// Finite.
    case real(Double)
    case flag(Bool)
    case list([JSONValue])
    case object([String: JSONValue])

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .list(let values):
            var container = encoder.unkeyedContainer()
            for value in values { try container.encode(value) }
        case .object(let members):
            var container = encoder.container(keyedBy: Name.self)
            for (name, value) in members { try container.encode(value, forKey: Name(stringValue: name)) }
        case .text(let text):
            var container = encoder.singleValueContainer()
            try container.encode(text)
        case .integer(let number):
            var container = encoder.singleValueContainer()
            try container.encode(number)
        case .real(let number):
            var container = encoder.singleValueContainer()
            try container.encode(number)
        case .flag(let flag):
            var container = encoder.singleValueContainer()
            try container.encode(flag)
        }
    }

    /// The JSON text, one line, names sorted.
    func line() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

/// An object under construction: what is absent is left out.
struct JSONObject {
    private(set) var members: [String: JSONValue] = [:]

    mutating func text(_ name: String, _ value: String?) {
        if let value, !value.isEmpty { members[name] = .text(value) }
    }

    mutating func integer(_ name: String, _ value: Int64?) {
        if let value { members[name] = .integer(value) }
    }

    mutating func flag(_ name: String, _ value: Bool?) {
        if let value { members[name] = .flag(value) }
    }

    mutating func list(_ name: String, _ values: [JSONValue]) {
        if !values.isEmpty { members[name] = .list(values) }
    }

    mutating func object(_ name: String, _ object: JSONObject) {
        if !object.members.isEmpty { members[name] = .object(object.members) }
    }

    /// Texts of an item by their names here and there.
    mutating func texts(_ item: SectionItem, _ names: KeyValuePairs<String, String>) {
        for (name, attribute) in names { text(name, item.attributes[attribute]?.display) }
    }

    var value: JSONValue { .object(members) }
}

extension InventoryDocument {
    /// The items of a section; none where it is not there.
    func items(_ name: SectionName) -> [SectionItem] { sections.first { $0.name == name }?.items ?? [] }

    /// The one item of a section that has one.
    func facts(_ name: SectionName) -> SectionItem { items(name).first ?? SectionItem(key: "", attributes: [:]) }
}

extension SectionItem {
    func text(_ name: String) -> String? { attributes[name]?.text }
    func number(_ name: String) -> Int64? { attributes[name]?.integer }
    func flag(_ name: String) -> Bool? {
        if case .flag(let flag) = attributes[name] { flag } else { nil }
    }
}
