import Model
import Wire

/// What a route is asked: its initialiser reads every value through the reader, in the same order every time, and that
/// is the declaration. Read without a request it documents the route; read with one it decodes and refuses. It must not
/// branch on what it read before it has read everything.
protocol Input: Sendable {
    /// Reads and, by that, declares.
    init(_ read: inout InputReader) throws
}

/// For routes that are asked nothing.
struct NoInput: Input {
    init(_ read: inout InputReader) throws {}
}

/// Where a value of a request stands.
enum InputPlace: String, Sendable {
    case path, query, body
}

/// One value that a route takes.
struct InputField: Sendable {
    let place: InputPlace
    let name: String
    let schema: Schema
    let isRequired: Bool
    let about: String
}

/// Hands a route the values of a request, and keeps what it was asked for.
struct InputReader {
    private let request: APIRequest?
    private let members: [String: BodyValue]
    private(set) var fields: [InputField] = []

    private init(request: APIRequest?, members: [String: BodyValue]) {
        self.request = request
        self.members = members
    }

    /// What a route takes.
    static func fields<In: Input>(of type: In.Type) -> [InputField] {
        var reader = InputReader(request: nil, members: [:])
        do { _ = try In(&reader) } catch { return [] }
        return reader.fields
    }

    /// The input of a request; refuses names that are not among `fields`.
    static func read<In: Input>(_ type: In.Type, from request: APIRequest, fields: [InputField]) throws -> In {
        let query = fields.filter { $0.place == .query }.map(\.name)
        for (name, _) in request.target.query where !query.contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
            throw ProblemDetails.unknown("query parameter", name, accepted: query)
        }
        let body = fields.filter { $0.place == .body }.map(\.name)
        let members = try request.members()
        let unknown = members.keys.filter { name in !body.contains { $0.utf8.elementsEqual(name.utf8) } }.sorted().first
        if let unknown { throw ProblemDetails.unknown("member of the body", unknown, accepted: body) }
        var reader = InputReader(request: request, members: members)
        return try In(&reader)
    }

    /// A value that must be there.
    mutating func required<Value>(
        _ place: InputPlace, _ name: String, _ kind: Kind<Value>, _ about: String
    ) throws -> Value {
        declare(place, name, kind, isRequired: true, about: about)
        if let value = try value(place, name, kind) { return value }
        guard request == nil, let sample = kind.sample else {
            throw ProblemDetails.invalid("\(place.rawValue) lacks \(name); it must be \(kind.accepted)")
        }
        return sample
    }

    /// A value that may be left out.
    mutating func optional<Value>(
        _ place: InputPlace, _ name: String, _ kind: Kind<Value>, _ about: String, shownDefault: JSON? = nil
    ) throws -> Value? {
        declare(place, name, kind, isRequired: false, about: about, shownDefault: shownDefault)
        return try value(place, name, kind)
    }

    /// A query parameter that may stand several times.
    mutating func several<Value>(
        _ name: String, _ kind: Kind<Value>, count: ClosedRange<Int>, _ about: String
    ) throws -> [Value] {
        let schema = Schema(
            [
                ("type", "array"), ("items", kind.schema.written), ("minItems", .integer(Int64(count.lowerBound))),
                ("maxItems", .integer(Int64(count.upperBound))),
            ], parts: [kind.schema])
        fields.append(
            InputField(
                place: .query, name: name, schema: schema, isRequired: count.lowerBound > 0, about: about))
        guard let request else { return [] }
        let texts = request.queries(name)
        guard count.contains(texts.count) else {
            throw ProblemDetails.invalid(
                "query parameter \(name) stands \(texts.count) times; write it \(count.lowerBound) to "
                    + "\(count.upperBound) times")
        }
        return try texts.map { text in
            guard let value = kind.text(text) else { throw ProblemDetails.value(.query, name, kind.accepted) }
            return value
        }
    }

    private mutating func declare<Value>(
        _ place: InputPlace, _ name: String, _ kind: Kind<Value>, isRequired: Bool, about: String,
        shownDefault: JSON? = nil
    ) {
        fields.append(
            InputField(
                place: place, name: name, schema: kind.schema.withDefault(shownDefault), isRequired: isRequired,
                about: about))
    }

    private func value<Value>(_ place: InputPlace, _ name: String, _ kind: Kind<Value>) throws -> Value? {
        guard let request else { return nil }
        let value: Value?
        switch place {
        case .path: value = kind.text(request.parameter(name))
        case .query:
            let texts = request.queries(name)
            guard texts.count <= 1 else {
                throw ProblemDetails.invalid("query parameter \(name) stands \(texts.count) times; write it once")
            }
            guard let text = texts.first else { return nil }
            value = kind.text(text)
        case .body:
            guard let member = members[name] else { return nil }
            value = kind.json(member)
        }
        guard let value else { throw ProblemDetails.value(place, name, kind.accepted) }
        return value
    }
}

extension InputReader {
    /// How many items a page has at most.
    mutating func limit(standard: Int64 = 100, most: Int64 = 1000) throws -> Int {
        Int(
            try optional(
                .query, "limit", .integer(1...most), "How many items at most.", shownDefault: .integer(standard))
                ?? standard)
    }

    /// Behind which item a page begins.
    mutating func after<Position>(_ cursor: Cursor<Position>) throws -> Position? {
        try optional(.query, "after", cursor.kind, "The next of the page before.")
    }

    /// The moment that is asked about.
    mutating func asOf() throws -> Timestamp? {
        try optional(
            .query, "as_of", .time,
            "A moment in the past by the collector's clock; left out for now. One in the future is refused.")
    }
}

extension APIRequest {
    /// The members of the body, which is an object or empty.
    fileprivate func members() throws(ProblemDetails) -> [String: BodyValue] {
        guard !body.isEmpty else { return [:] }
        guard case .object(let members) = try decoded(BodyValue.self) else {
            throw .invalid("body must be a JSON object")
        }
        return members
    }
}

extension ProblemDetails {
    /// A name that is not accepted at its place.
    fileprivate static func unknown(_ place: String, _ name: String, accepted: [String]) -> ProblemDetails {
        .invalid(
            "\(place) \(name.shownOnOneLine(limit: 80)) is not known here; accepted: "
                + (accepted.isEmpty ? "none" : accepted.joined(separator: ", ")))
    }

    /// A value that is not accepted at its place.
    fileprivate static func value(_ place: InputPlace, _ name: String, _ accepted: String) -> ProblemDetails {
        .invalid("\(place.rawValue) \(name) must be \(accepted)")
    }
}
