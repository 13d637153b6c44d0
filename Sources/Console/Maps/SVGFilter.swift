import Glibc

/// Turns what Graphviz prints into a drawing that may stand in a page: a closed list of elements and attributes, no style,
/// no script, no ids that could clash, links only to pages of CIs. Whatever is not on the list refuses the whole drawing.
///
/// Colours are left to the style sheet (`class` stays), so that a drawing follows light and dark.
struct SVGFilter {
    private var rest: ArraySlice<UInt8>
    private var output: [UInt8] = []
    /// What each open element was written as; nil for one that is left out.
    private var open: [(name: String, written: String?)] = []
    private var isDone = false
    private let label: String

    private init(_ svg: [UInt8], label: String) {
        rest = svg[...]
        self.label = label
    }

    /// The drawing as markup, with `label` as its name for screen readers; nil when it holds anything unexpected.
    static func filtered(_ svg: [UInt8], label: String) -> String? {
        guard String(validating: svg, as: UTF8.self) != nil else { return nil }
        var filter = SVGFilter(svg, label: label)
        while !filter.rest.isEmpty {
            guard filter.step() else { return nil }
        }
        guard filter.open.isEmpty, filter.isDone else { return nil }
        return String(decoding: filter.output, as: UTF8.self)
    }

    // MARK: Reading

    private mutating func step() -> Bool {
        guard rest.first == UInt8(ascii: "<") else { return takeText() }
        if skip("<!--") { return skipThrough("-->") }
        if open.isEmpty, !isDone {
            if skip("<?xml") { return skipThrough("?>") }
            if skip("<!DOCTYPE") { return skipThrough(">") }
        }
        if skip("</") { return closeElement() }
        rest = rest.dropFirst()
        return openElement()
    }

    private mutating func takeText() -> Bool {
        let raw = takeUntil(UInt8(ascii: "<"))
        guard let text = Self.decoded(raw) else { return false }
        switch open.last?.name {
        case "text": output += ScalarHTML.escape(text).utf8
        case "title": break
        default: return text.utf8.allSatisfy { $0 == 0x20 || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 }
        }
        return true
    }

    private mutating func closeElement() -> Bool {
        let name = String(decoding: takeUntil(UInt8(ascii: ">")), as: UTF8.self)
        guard skip(">"), let last = open.popLast(), last.name == name else { return false }
        if let written = last.written { output += "</\(written)>".utf8 }
        if open.isEmpty { isDone = true }
        return true
    }

    private mutating func openElement() -> Bool {
        let name = takeName()
        guard let attributes = takeAttributes() else { return false }
        let isClosed = skip("/>")
        guard isClosed || skip(">") else { return false }
        // One drawing, and nothing beside it.
        guard (name == "svg") == open.isEmpty, !isDone else { return false }
        guard let element = SVGElement(name, attributes, label: label) else { return false }
        if let start = element.start {
            output += start.utf8
            if isClosed { output += "</\(element.written)>".utf8 }
        }
        if !isClosed { open.append((name, element.start == nil ? nil : element.written)) }
        return open.count <= 12
    }

    /// Attributes up to the end of the tag; nil when they are not of the form `name="value"`, each once.
    private mutating func takeAttributes() -> [String: String]? {
        var attributes: [String: String] = [:]
        while true {
            while let byte = rest.first, byte == 0x20 || byte == 0x0a || byte == 0x09 { rest = rest.dropFirst() }
            guard let byte = rest.first else { return nil }
            if byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") { return attributes }
            let name = takeName()
            guard skip("=\"") else { return nil }
            let raw = takeUntil(UInt8(ascii: "\""))
            guard skip("\""), let value = Self.decoded(raw), attributes[name] == nil, attributes.count < 16 else {
                return nil
            }
            attributes[name] = value
        }
    }

    /// Everything up to a byte, or to the end.
    private mutating func takeUntil(_ byte: UInt8) -> ArraySlice<UInt8> {
        let length = rest.withUnsafeBytes { bytes -> Int in
            guard let start = bytes.baseAddress, let found = memchr(start, Int32(byte), bytes.count) else {
                return bytes.count
            }
            return start.distance(to: UnsafeRawPointer(found))
        }
        defer { rest = rest.dropFirst(length) }
        return rest.prefix(length)
    }

    /// Letters, hyphens and colons.
    private mutating func takeName() -> String {
        var name = ""
        while let byte = rest.first,
            byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: ":")
        {
            name.unicodeScalars.append(Unicode.Scalar(byte))
            rest = rest.dropFirst()
        }
        return name
    }

    private mutating func skip(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { wanted in
            guard rest.starts(with: wanted) else { return false }
            rest = rest.dropFirst(wanted.count)
            return true
        }
    }

    private mutating func skipThrough(_ text: StaticString) -> Bool {
        while !rest.isEmpty {
            if skip(text) { return true }
            rest = rest.dropFirst()
        }
        return false
    }

    /// Text with the entities Graphviz writes as characters; nil for any other.
    private static func decoded(_ raw: ArraySlice<UInt8>) -> String? {
        guard raw.contains(UInt8(ascii: "&")) else { return String(decoding: raw, as: UTF8.self) }
        var text: [UInt8] = []
        var rest = raw
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "&") else {
                text.append(byte)
                continue
            }
            guard let end = rest.prefix(10).firstIndex(of: UInt8(ascii: ";")),
                let scalar = scalar(named: String(decoding: rest[..<end], as: UTF8.self))
            else { return nil }
            text += String(scalar).utf8
            rest = rest[rest.index(after: end)...]
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func scalar(named name: String) -> Unicode.Scalar? {
        switch name {
        case "amp": "&"
        case "lt": "<"
        case "gt": ">"
        case "quot": "\""
        case "apos": "'"
        default: name.utf8.first == UInt8(ascii: "#") ? UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init) : nil
        }
    }
}
