import Model

/// Facts of one item under construction: what is absent or empty is left out, long texts are cut at the limit.
struct Attributes {
    private(set) var values: [String: AttributeValue] = [:]

    /// A text; nil and empty texts are no fact.
    mutating func text(_ name: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        values[name] = .text(bounded(value))
    }

    /// A whole number; what does not fit into 64 bits with sign is no fact.
    mutating func number(_ name: String, _ value: (some BinaryInteger)?) {
        guard let value, let number = Int64(exactly: value) else { return }
        values[name] = .integer(number)
    }

    /// A number that may have a fraction; a whole one is kept as such, and what is not finite is no fact.
    mutating func real(_ name: String, _ value: Double?) {
        guard let value, value.isFinite else { return }
        values[name] = Int64(exactly: value).map { .integer($0) } ?? .real(value)
    }

    /// Yes or no.
    mutating func flag(_ name: String, _ value: Bool?) {
        if let value { values[name] = .flag(value) }
    }

    /// A list whose order says something; an empty one is no fact.
    mutating func ordered(_ name: String, _ items: [String]) {
        if !items.isEmpty { values[name] = .list(items.map(bounded)) }
    }

    /// A list, sorted by bytes; an empty one is no fact.
    mutating func list(_ name: String, _ items: [String]) {
        guard !items.isEmpty else { return }
        let bytes: (String, String) -> Bool = { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        values[name] = .list(Set(items.map(bounded)).sorted(by: bytes))
    }

    /// An item of these facts.
    func item(_ key: String) -> SectionItem { SectionItem(key: bounded(key), attributes: values) }
}

/// Whether `name` is `prefix` and then begins with a digit.
func isNumbered(_ name: some StringProtocol, _ prefix: String) -> Bool {
    guard name.hasPrefix(prefix), let next = name.utf8.dropFirst(prefix.utf8.count).first else { return false }
    return (48...57).contains(next)
}

/// What stands behind the last `/`.
func lastPart(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

/// The text up to the last whole scalar within ``Limits/valueBytes``, NUL taken out.
func bounded(_ text: String) -> String {
    if text.utf8.count <= Limits.valueBytes, !text.utf8.contains(0) { return text }
    var result = ""
    var count = 0
    for scalar in text.unicodeScalars where scalar.value != 0 {
        count += UTF8.width(scalar)
        if count > Limits.valueBytes { break }
        result.unicodeScalars.append(scalar)
    }
    return result
}
