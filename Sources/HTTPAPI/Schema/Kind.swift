import Model

/// A kind of input value: what is accepted, in a schema and in words, and how it is read from a text or a JSON value.
struct Kind<Value: Sendable>: Sendable {
    /// What is accepted.
    let schema: Schema
    /// The same in words, for refusals: "must be …".
    let accepted: String
    /// Any value of the kind, for reading a declaration without a request; nil where only optional inputs have the kind.
    let sample: Value?
    /// From path or query; nil refuses.
    let text: @Sendable (String) -> Value?
    /// From a body; nil refuses.
    let json: @Sendable (BodyValue) -> Value?
}

extension Kind where Value == String {
    /// A text of so many Unicode scalars, as JSON Schema counts them.
    static func text(_ length: ClosedRange<Int> = 1...255) -> Kind {
        let fits: @Sendable (String) -> String? = { length.contains($0.unicodeScalars.count) ? $0 : nil }
        return Kind(
            schema: .type(
                "string",
                [("minLength", .integer(Int64(length.lowerBound))), ("maxLength", .integer(Int64(length.upperBound)))]),
            accepted: "a text of \(length.lowerBound) to \(length.upperBound) characters", sample: "", text: fits,
            json: { if case .text(let text) = $0 { fits(text) } else { nil } })
    }
}

extension Kind where Value == Int64 {
    /// A whole number.
    static func integer(_ range: ClosedRange<Int64>) -> Kind {
        let fits: @Sendable (Int64?) -> Int64? = { $0.flatMap { range.contains($0) ? $0 : nil } }
        return Kind(
            schema: .type(
                "integer", [("minimum", .integer(range.lowerBound)), ("maximum", .integer(range.upperBound))]),
            accepted: "a whole number from \(range.lowerBound) to \(range.upperBound)", sample: range.lowerBound,
            text: { fits(Int64($0)) },
            json: {
                switch $0 {
                case .integer(let number): fits(number)
                case .real(let number): fits(Int64(exactly: number))
                default: nil
                }
            })
    }

    /// A record's number.
    static var number: Kind { .integer(1...Int64.max) }
}

extension Kind where Value == Bool {
    /// True or false.
    static var flag: Kind {
        Kind(
            schema: .type("boolean"), accepted: "true or false", sample: false,
            text: { ["true": true, "false": false][$0] },
            json: { if case .flag(let flag) = $0 { flag } else { nil } })
    }
}

extension Kind where Value == Timestamp {
    /// A moment.
    static var time: Kind {
        let read: @Sendable (String) -> Timestamp? = { Timestamp(rfc3339: $0) }
        return Kind(
            schema: .type("string", [("format", "date-time")]), accepted: "a time such as 2026-11-23T21:55:12Z",
            sample: Timestamp(seconds: 0), text: read,
            json: { if case .text(let text) = $0 { read(text) } else { nil } })
    }
}

extension Kind {
    /// One of some words, each with its value.
    static func words(_ words: [(String, Value)]) -> Kind {
        let names = words.map(\.0)
        let read: @Sendable (String) -> Value? = { word in words.first { $0.0.utf8.elementsEqual(word.utf8) }?.1 }
        return Kind(
            schema: .words(names), accepted: "one of " + names.joined(separator: ", "), sample: words.first?.1,
            text: read, json: { if case .text(let text) = $0 { read(text) } else { nil } })
    }
}

extension Kind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of an enumeration's words.
    static var word: Kind { .words(Value.allCases.map { ($0.rawValue, $0) }) }
}

extension Kind where Value == Grade {
    /// `high`, `medium` or `low`.
    static var grade: Kind { .words(Grade.allCases.map { ($0.word, $0) }) }
}
