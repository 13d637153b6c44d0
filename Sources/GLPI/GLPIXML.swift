import Model

/// Reads the XML of older agents into a tree: elements, texts, the five entities of XML 1.0 and numbers of characters, CDATA and
/// comments. A document type is refused, so there are no entities of a document's own, no external ones and no bombs of them;
/// docs/decisions says why this is no library.
struct GLPIXML {
    private let bytes: [UInt8]
    private var position = 0
    private var count = 0

    /// The name of the outermost element, and what it holds.
    static func read(_ bytes: [UInt8]) throws(GLPIRefusal) -> (name: String, value: GLPIValue) {
        var reader = GLPIXML(bytes: bytes)
        guard String(validating: bytes, as: UTF8.self) != nil else { throw reader.refusal("not UTF-8") }
        try reader.declaration()
        try reader.between()
        guard reader.next == UInt8(ascii: "<") else { throw reader.refusal("an element expected") }
        let root = try reader.element(depth: 0)
        try reader.between()
        guard reader.position == bytes.count else { throw reader.refusal("something behind the outermost element") }
        return root
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func refusal(_ reason: String, isTooLarge: Bool = false) -> GLPIRefusal {
        GLPIRefusal("XML: \(reason) at byte \(position)", isTooLarge: isTooLarge)
    }

    private func stands(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[position...].starts(with: $0) }
    }

    /// Steps over `text` where it stands next.
    private mutating func take(_ text: StaticString) -> Bool {
        guard stands(text) else { return false }
        position += text.utf8CodeUnitCount
        return true
    }

    /// Everything up to `mark`, which is stepped over.
    private mutating func upTo(_ mark: StaticString, _ what: String) throws(GLPIRefusal) -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count {
            if stands(mark) {
                defer { position += mark.utf8CodeUnitCount }
                return bytes[start..<position]
            }
            position += 1
        }
        position = start
        throw refusal("\(what) does not end")
    }

    private mutating func skipSpace() { while let byte = next, isSpace(byte) { position += 1 } }

    /// `<?xml … ?>`, where it is there: UTF-8 is the only encoding that is taken.
    private mutating func declaration() throws(GLPIRefusal) {
        guard take("<?xml") else { return }
        let text = String(decoding: try upTo("?>", "the XML declaration"), as: UTF8.self).lowercased()
        let marks = Array(text.utf8)
        guard let place = marks.indices.first(where: { marks[$0...].starts(with: "encoding".utf8) }) else { return }
        let value = marks[place...].dropFirst("encoding".utf8.count).drop { isSpace($0) || $0 == UInt8(ascii: "=") }
        let name = String(
            decoding: value.dropFirst().prefix { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") }, as: UTF8.self)
        guard ["utf-8", "utf8", "us-ascii", "ascii"].contains(name) else {
            throw refusal("the encoding is not UTF-8, before the byte")
        }
    }

    /// White space and comments, outside of elements.
    private mutating func between() throws(GLPIRefusal) {
        while true {
            skipSpace()
            guard take("<!--") else { return try refuseOthers() }
            _ = try upTo("-->", "a comment")
        }
    }

    private func refuseOthers() throws(GLPIRefusal) {
        if stands("<!DOCTYPE") { throw refusal("a document type is not taken; leave DOCTYPE out") }
        if stands("<?") { throw refusal("a processing instruction is not taken") }
        if stands("<!"), !stands("<![CDATA[") { throw refusal("a declaration is not taken") }
    }

    private mutating func name() throws(GLPIRefusal) -> String {
        let start = position
        while let byte = next, isNameByte(byte) { position += 1 }
        guard position > start, !(48...57).contains(bytes[start]) else { throw refusal("a name expected") }
        guard position - start <= Limits.nameBytes else { throw refusal("a name over \(Limits.nameBytes) bytes") }
        return String(decoding: bytes[start..<position], as: UTF8.self).lowercased()
    }

    /// Attributes say nothing in this format; they are stepped over.
    private mutating func attributes() throws(GLPIRefusal) {
        while true {
            let start = position
            skipSpace()
            guard let byte = next, isNameByte(byte) else { return }
            guard position > start else { throw refusal("white space before an attribute expected") }
            _ = try name()
            skipSpace()
            guard take("=") else { throw refusal("'=' expected") }
            skipSpace()
            let quoted = take("\"") ? try upTo("\"", "an attribute") : take("'") ? try upTo("'", "an attribute") : nil
            guard let quoted, !quoted.contains(UInt8(ascii: "<")) else { throw refusal("a value in quotes expected") }
        }
    }

    private mutating func element(depth: Int) throws(GLPIRefusal) -> (name: String, value: GLPIValue) {
        guard depth < Limits.depth else { throw refusal("nested deeper than \(Limits.depth)") }
        count += 1
        guard count <= GLPILimits.values else {
            throw refusal("more than \(GLPILimits.values) elements", isTooLarge: true)
        }
        guard take("<") else { throw refusal("an element expected") }
        let name = try name()
        try attributes()
        if take("/>") { return (name, .text("")) }
        guard take(">") else { throw refusal("'>' expected") }
        let value = try content(depth: depth)
        let place = position
        guard take("</"), try self.name() == name else {
            position = place
            throw refusal("the end of another element than the one that was opened")
        }
        skipSpace()
        guard take(">") else { throw refusal("'>' expected") }
        return (name, value)
    }

    private mutating func content(depth: Int) throws(GLPIRefusal) -> GLPIValue {
        var text: [UInt8] = []
        var members: [String: [GLPIValue]] = [:]
        while let byte = next {
            switch byte {
            case UInt8(ascii: "<"):
                if stands("</") { return try joined(text, members) }
                if take("<!--") {
                    _ = try upTo("-->", "a comment")
                } else if take("<![CDATA[") {
                    try append(try upTo("]]>", "CDATA"), to: &text)
                } else {
                    try refuseOthers()
                    let (name, value) = try element(depth: depth + 1)
                    members[name, default: []].append(value)
                }
            case UInt8(ascii: "&"): try append(ArraySlice(try entity()), to: &text)
            default:
                try append([byte], to: &text)
                position += 1
            }
        }
        throw refusal("an element does not end")
    }

    private func joined(_ text: [UInt8], _ members: [String: [GLPIValue]]) throws(GLPIRefusal) -> GLPIValue {
        guard !members.isEmpty else { return .text(String(decoding: text, as: UTF8.self)) }
        guard text.allSatisfy(isSpace) else { throw refusal("text beside elements") }
        return .object(members.mapValues { $0.count == 1 ? $0[0] : .list($0) })
    }

    private func append(_ more: ArraySlice<UInt8>, to text: inout [UInt8]) throws(GLPIRefusal) {
        guard text.count + more.count <= GLPILimits.textBytes else {
            throw refusal("a text over \(GLPILimits.textBytes) bytes", isTooLarge: true)
        }
        for byte in more where byte < 0x20 && !isSpace(byte) { throw refusal("a control character") }
        text += more
    }

    /// `&amp;` and its four siblings, `&#10;`, `&#x20AC;`.
    private mutating func entity() throws(GLPIRefusal) -> [UInt8] {
        for (name, byte) in [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'")]
            as [(StaticString, String)] where take(name)
        {
            return Array(byte.utf8)
        }
        guard take("&#") else { throw refusal("an entity that XML does not have by itself") }
        let radix = take("x") ? 16 : 10
        let digits = bytes[position...].prefix(9).prefix { $0 != UInt8(ascii: ";") }
        // `UInt32` would take a sign.
        guard digits.allSatisfy({ (48...57).contains($0) || (65...70).contains($0 & 0xdf) }),
            let code = UInt32(String(decoding: digits, as: UTF8.self), radix: radix),
            let scalar = Unicode.Scalar(code), code >= 0x20 || isSpace(UInt8(truncatingIfNeeded: code))
        else { throw refusal("the number of no character") }
        position += digits.count
        guard take(";") else { throw refusal("';' expected") }
        return Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}

private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }

private func isNameByte(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "_-.:".utf8.contains(byte)
}
