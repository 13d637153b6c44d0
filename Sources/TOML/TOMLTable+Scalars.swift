extension TOMLTable {
    /// The text under `key`, at most `maxBytes` of UTF-8; nil where it is absent.
    public func string(_ key: String, maxBytes: Int = 4096) throws(TOMLError) -> String? {
        note(key, maxBytes == 4096 ? "text" : "text, at most \(maxBytes) bytes")
        guard let node = node(key) else { return nil }
        return try text(node, of: key, maxBytes: maxBytes)
    }

    /// The text under `key`, which must stand there and not be empty.
    public func requiredString(_ key: String, maxBytes: Int = 4096) throws(TOMLError) -> String {
        guard let text = try string(key, maxBytes: maxBytes) else { throw missing(key) }
        guard !text.isEmpty else { throw refusal(key, found: "empty", accepted: "a text that is not empty") }
        require(key)
        return text
    }

    /// The list of texts under `key`; nil where it is absent.
    public func strings(_ key: String, maxBytes: Int = 4096) throws(TOMLError) -> [String]? {
        note(key, "a list of texts")
        guard let node = node(key) else { return nil }
        guard case .array(let items) = node.value else { throw wrongType(key, "a list of texts", node) }
        var texts: [String] = []
        for item in items { texts.append(try text(item, of: key, maxBytes: maxBytes)) }
        return texts
    }

    /// The list of whole numbers under `key`, each in `range`; nil where it is absent.
    public func ints(_ key: String, in range: ClosedRange<Int> = .min ... .max) throws(TOMLError) -> [Int]? {
        note(key, "a list of whole numbers" + bounds(range))
        guard let node = node(key) else { return nil }
        guard case .array(let items) = node.value else { throw wrongType(key, "a list of whole numbers", node) }
        var numbers: [Int] = []
        for item in items { numbers.append(try number(item, of: key, in: range)) }
        return numbers
    }

    /// The whole number under `key`, in `range`; nil where it is absent.
    public func int(_ key: String, in range: ClosedRange<Int> = .min ... .max) throws(TOMLError) -> Int? {
        note(key, "a whole number" + bounds(range))
        guard let node = node(key) else { return nil }
        return try number(node, of: key, in: range)
    }

    /// The whole number under `key`, which must stand there.
    public func requiredInt(_ key: String, in range: ClosedRange<Int> = .min ... .max) throws(TOMLError) -> Int {
        guard let number = try int(key, in: range) else { throw missing(key) }
        require(key)
        return number
    }

    /// The number under `key`, whole or not, finite and in `range`; nil where it is absent.
    public func double(
        _ key: String, in range: ClosedRange<Double> = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    ) throws(TOMLError) -> Double? {
        note(key, "a number")
        guard let node = node(key) else { return nil }
        let value: Double
        switch node.value {
        case .real(let real): value = real
        case .integer(let integer): value = Double(integer)
        default: throw wrongType(key, "a number", node)
        }
        guard value.isFinite, range.contains(value) else {
            let accepted = "a number from \(range.lowerBound) to \(range.upperBound)"
            throw refusal(key, found: String(value), accepted: accepted)
        }
        return value
    }

    /// The number under `key`, which must stand there.
    public func requiredDouble(
        _ key: String, in range: ClosedRange<Double> = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    ) throws(TOMLError) -> Double {
        guard let number = try double(key, in: range) else { throw missing(key) }
        require(key)
        return number
    }

    /// `true` or `false` under `key`; nil where it is absent.
    public func bool(_ key: String) throws(TOMLError) -> Bool? {
        note(key, "true or false")
        guard let node = node(key) else { return nil }
        guard case .boolean(let flag) = node.value else { throw wrongType(key, "true or false", node) }
        return flag
    }

    /// One of the raw values of `Choice` under `key`; nil where it is absent.
    public func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, among type: Choice.Type
    ) throws(TOMLError) -> Choice? where Choice.RawValue == String {
        let cases = Choice.allCases
        guard let name = try word(key, among: cases.map(\.rawValue)) else { return nil }
        return cases.first { $0.rawValue.utf8.elementsEqual(name.utf8) }
    }

    /// One of the raw values of `Choice` under `key`, which must stand there.
    public func requiredChoice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, among type: Choice.Type
    ) throws(TOMLError) -> Choice where Choice.RawValue == String {
        guard let choice = try choice(key, among: type) else { throw missing(key) }
        require(key)
        return choice
    }

    /// One of `words` under `key`; nil where it is absent.
    public func word(_ key: String, among words: [String]) throws(TOMLError) -> String? {
        note(key, "one of " + quoted(words))
        guard let node = node(key) else { return nil }
        let name = try text(node, of: key, maxBytes: 4096)
        guard isIn(words, name) else {
            throw refusal(key, found: "\"\(name)\"", accepted: "one of " + quoted(words))
        }
        return name
    }

    /// One of `words` under `key`, which must stand there.
    public func requiredWord(_ key: String, among words: [String]) throws(TOMLError) -> String {
        guard let word = try word(key, among: words) else { throw missing(key) }
        require(key)
        return word
    }

    /// The list under `key` of some of `words`; nil where it is absent.
    public func words(_ key: String, among words: [String]) throws(TOMLError) -> [String]? {
        note(key, "a list of " + quoted(words))
        guard let node = node(key) else { return nil }
        guard case .array(let items) = node.value else { throw wrongType(key, "a list of texts", node) }
        var found: [String] = []
        for item in items {
            let name = try text(item, of: key, maxBytes: 4096)
            guard isIn(words, name) else {
                throw refusal(key, found: "\"\(name)\"", accepted: "a list of " + quoted(words))
            }
            found.append(name)
        }
        return found
    }

    private func text(_ node: TOMLNode, of key: String, maxBytes: Int) throws(TOMLError) -> String {
        guard case .string(let text) = node.value else { throw wrongType(key, "text in quotes", node) }
        let count = text.utf8.count
        guard count <= maxBytes, !text.utf8.contains(0) else {
            let found = count <= maxBytes ? "text with a NUL" : "\(count) bytes long"
            let problem = TOMLError.Problem.refused(
                key: key, found: found, accepted: "at most \(maxBytes) bytes without NUL")
            throw TOMLError(file: file, position: node.position, problem: problem)
        }
        return text
    }

    private func number(_ node: TOMLNode, of key: String, in range: ClosedRange<Int>) throws(TOMLError) -> Int {
        guard case .integer(let number) = node.value else { throw wrongType(key, "a whole number", node) }
        guard let value = Int(exactly: number), range.contains(value) else {
            let accepted = "a whole number from \(range.lowerBound) to \(range.upperBound)"
            let problem = TOMLError.Problem.refused(key: key, found: String(number), accepted: accepted)
            throw TOMLError(file: file, position: node.position, problem: problem)
        }
        return value
    }
}

// Bytes, not String: comparison of String is by canonical equivalence, words are not.
private func isIn(_ words: [String], _ name: String) -> Bool {
    words.contains { $0.utf8.elementsEqual(name.utf8) }
}

private func quoted(_ words: [String]) -> String { words.map { "\"\($0)\"" }.joined(separator: ", ") }

private func bounds(_ range: ClosedRange<Int>) -> String {
    range == .min ... .max ? "" : " from \(range.lowerBound) to \(range.upperBound)"
}
