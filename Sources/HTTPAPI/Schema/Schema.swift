/// A JSON Schema (2020-12, the dialect of OpenAPI 3.1). A named one stands once among the document's components and
/// is referred to.
struct Schema: Sendable {
    /// What stands where the schema is used: itself, or a reference to it.
    let written: JSON
    /// Named schemas it needs, itself included, by name.
    let components: [String: JSON]

    /// A schema from its keywords; with `name` it becomes a component. `parts` are the schemas inside it.
    init(_ keywords: [(String, JSON)], name: String? = nil, parts: [Schema] = []) {
        var components: [String: JSON] = [:]
        for part in parts { components.merge(part.components) { first, _ in first } }
        let definition = JSON.object(keywords)
        guard let name else {
            self.written = definition
            self.components = components
            return
        }
        components[name] = definition
        self.written = .object([("$ref", .text("#/components/schemas/" + name))])
        self.components = components
    }

    /// A schema of one type.
    static func type(_ name: String, _ keywords: [(String, JSON)] = []) -> Schema {
        Schema([("type", .text(name))] + keywords)
    }

    /// One of some words.
    static func words(_ words: [String]) -> Schema {
        type("string", [("enum", .array(words.map(JSON.text)))])
    }

    /// The same, or null.
    var orNull: Schema {
        Schema([("anyOf", .array([written, .object([("type", "null")])]))], parts: [self])
    }

    /// A list of it.
    var list: Schema { .type("array", [("items", written)], parts: [self]) }

    /// An object with these members and no others.
    static func object(_ name: String?, _ members: [(name: String, schema: Schema, isRequired: Bool, about: String)])
        -> Schema
    {
        let properties = members.map { member in (member.name, member.schema.described(member.about).written) }
        let required = members.filter(\.isRequired).map { JSON.text($0.name) }
        return Schema(
            [
                ("type", "object"), ("properties", .object(properties)), ("required", .array(required)),
                ("additionalProperties", false),
            ], name: name, parts: members.map(\.schema))
    }

    /// The same with a description beside it.
    func described(_ about: String) -> Schema {
        guard !about.isEmpty, case .object(let keywords) = written else { return self }
        return Schema(keywords + [("description", .text(about))], parts: [self])
    }

    /// The same with a default value.
    func withDefault(_ value: JSON?) -> Schema {
        guard let value, case .object(let keywords) = written else { return self }
        return Schema(keywords + [("default", value)], parts: [self])
    }

    private static func type(_ name: String, _ keywords: [(String, JSON)], parts: [Schema]) -> Schema {
        Schema([("type", .text(name))] + keywords, parts: parts)
    }
}
