import Mustache

/// Escapes text for HTML scalar by scalar, in element content and in quoted attributes (threats M4, M9).
///
/// The library escapes by `Character`: a quotation mark followed by a combining accent is another Character to it and
/// would end an attribute. Every template is made with ``pragma`` in front, so that this escaping is the one in use.
struct ScalarHTML: MustacheContentType {
    /// What a template begins with to be escaped by this type.
    static let pragma = "{{% CONTENT_TYPE:SCALAR-HTML}}"

    /// Makes the type known to the library; harmless when repeated.
    static func register() { MustacheContentTypes.register(ScalarHTML(), named: "SCALAR-HTML") }

    func escapeText(_ text: String) -> String { Self.escape(text) }

    /// The text with the five characters of markup as entities.
    static func escape(_ text: String) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "<"): output += "&lt;".utf8
            case UInt8(ascii: ">"): output += "&gt;".utf8
            case UInt8(ascii: "&"): output += "&amp;".utf8
            case UInt8(ascii: "\""): output += "&quot;".utf8
            case UInt8(ascii: "'"): output += "&#39;".utf8
            default: output.append(byte)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
