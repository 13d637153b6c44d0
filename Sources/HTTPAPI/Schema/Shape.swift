import Model

/// How a value is written as JSON and the schema that says so: one declaration makes both, so they cannot drift apart.
struct Shape<Value>: Sendable {
    /// What it looks like.
    let schema: Schema
    /// Writes a value.
    let write: @Sendable (Value) -> JSON

    /// A list of such values.
    var list: Shape<[Value]> {
        Shape<[Value]>(schema: schema.list) { [write] values in .array(values.map(write)) }
    }

    /// Such a value, or null.
    var orNull: Shape<Value?> {
        Shape<Value?>(schema: schema.orNull) { [write] value in value.map(write) ?? .null }
    }

    /// An object; with `name` it stands among the document's components.
    static func object(_ name: String? = nil, _ members: [Member<Value>]) -> Shape {
        let declared = members.map { ($0.name, $0.schema, $0.isRequired, $0.about) }
        return Shape(schema: .object(name, declared)) { value in
            .object(members.compactMap { member in member.write(value).map { (member.name, $0) } })
        }
    }
}

/// One member of an object: name, shape, and where its value comes from.
struct Member<Root>: Sendable {
    let name: String
    let schema: Schema
    let isRequired: Bool
    let about: String
    /// nil leaves the member out.
    let write: @Sendable (Root) -> JSON?

    private init(
        name: String, schema: Schema, isRequired: Bool, about: String, write: @escaping @Sendable (Root) -> JSON?
    ) {
        self.name = name
        self.schema = schema
        self.isRequired = isRequired
        self.about = about
        self.write = write
    }

    /// A member that is always there.
    init<Value>(
        _ name: String, _ shape: Shape<Value>, _ about: String = "", _ value: @escaping @Sendable (Root) -> Value
    ) {
        self.init(name: name, schema: shape.schema, isRequired: true, about: about) { shape.write(value($0)) }
    }

    /// A member that is left out where its value is nil.
    static func optional<Value>(
        _ name: String, _ shape: Shape<Value>, _ about: String = "", _ value: @escaping @Sendable (Root) -> Value?
    ) -> Member {
        Member(name: name, schema: shape.schema, isRequired: false, about: about) { value($0).map(shape.write) }
    }

    /// The same member of something that holds a `Root`.
    func of<Outer>(_ root: @escaping @Sendable (Outer) -> Root) -> Member<Outer> {
        Member<Outer>(name: name, schema: schema, isRequired: isRequired, about: about) { [write] in write(root($0)) }
    }
}

extension Shape where Value == String {
    /// A text.
    static var text: Shape { Shape(schema: .type("string"), write: JSON.text) }
}

extension Shape where Value == Int64 {
    /// A whole number.
    static var integer: Shape { Shape(schema: .type("integer"), write: JSON.integer) }
}

extension Shape where Value == Int {
    /// A count.
    static var number: Shape { Shape(schema: .type("integer")) { .integer(Int64($0)) } }
}

extension Shape where Value == UInt64 {
    /// A count that may be larger than a signed number: a number while every reader has it exact, else a text.
    static var count: Shape {
        Shape(schema: Schema([("type", .array(["integer", "string"]))]), write: JSON.count)
    }
    /// A 64-bit number in 16 hexadecimal digits.
    static var epoch: Shape { Shape(schema: .type("string", [("pattern", "^[0-9a-f]{16}$")]), write: JSON.epoch) }
}

extension Shape where Value == Bool {
    /// True or false.
    static var flag: Shape { Shape(schema: .type("boolean"), write: JSON.flag) }
}

extension Shape where Value == Timestamp {
    /// A moment (RFC 3339, UTC).
    static var time: Shape {
        Shape(schema: .type("string", [("format", "date-time")])) { .text($0.rfc3339) }
    }
}

extension Shape where Value == AttributeValue {
    /// A fact's value as itself.
    static var fact: Shape {
        Shape(
            schema: Schema(
                [
                    ("type", .array(["string", "number", "boolean", "array"])),
                    ("items", .object([("type", "string")])),
                ], name: "FactValue"), write: JSON.value)
    }
}

extension Shape where Value == [String: AttributeValue] {
    /// Facts by name.
    static var facts: Shape {
        let value = Shape<AttributeValue>.fact.schema
        return Shape(
            schema: Schema(
                [("type", "object"), ("additionalProperties", value.written)], name: "Facts", parts: [value]),
            write: JSON.attributes)
    }
}

extension Shape where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
    /// One of an enumeration's words.
    static var word: Shape { Shape(schema: .words(Value.allCases.map(\.rawValue))) { .text($0.rawValue) } }
}

extension Shape where Value == Grade {
    /// `high`, `medium` or `low`.
    static var grade: Shape { Shape(schema: .words(Grade.allCases.map(\.word))) { .text($0.word) } }
}

/// One page of a listing.
struct Page<Item: Sendable>: Sendable {
    /// The items.
    var items: [Item]
    /// Cursor of the next page; nil on the last.
    var next: String?
}

extension Shape {
    /// A page of such items.
    static func page<Item: Sendable>(of item: Shape<Item>) -> Shape where Value == Page<Item> {
        .object(
            nil,
            [
                Member("items", item.list) { $0.items },
                Member("next", Shape<String>.text.orNull, "Pass it as after for the next page; null on the last.") {
                    $0.next
                },
            ])
    }
}
