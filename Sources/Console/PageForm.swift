import HTTPAPI
import Wire

/// A form as a browser posts it (`application/x-www-form-urlencoded`).
struct PageForm: Sendable {
    private let fields: [(name: String, value: String)]

    /// Reads a body; the same strictness as for a request target, but line feeds may stand in values.
    init(_ body: [UInt8]) throws(ProblemDetails) {
        guard let text = String(validating: body, as: UTF8.self) else { throw .form("it is not UTF-8") }
        guard text.utf8.count <= 65_536 else { throw .form("it has more than 65536 bytes") }
        var fields: [(name: String, value: String)] = []
        for pair in text.utf8.split(separator: UInt8(ascii: "&")) {
            guard fields.count < 64 else { throw .form("it has more than 64 fields") }
            let sides = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Self.decode(sides.first ?? pair)
            fields.append((name, sides.count == 2 ? try Self.decode(sides[1]) : ""))
        }
        self.fields = fields
    }

    /// The one value of a field without space around it; nil when it is absent or empty.
    subscript(name: String) -> String? {
        guard let value = raw(name) else { return nil }
        let scalars = value.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return nil }
        return String(scalars[first...last])
    }

    /// The value of a field as it was typed, for passwords.
    func raw(_ name: String) -> String? {
        fields.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// All values of a field that may stand several times.
    func all(_ name: String) -> [String] {
        fields.filter { $0.name.utf8.elementsEqual(name.utf8) }.map(\.value)
    }

    private static func decode(_ bytes: Substring.UTF8View) throws(ProblemDetails) -> String {
        var output: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): output.append(0x20)
            case UInt8(ascii: "%"):
                guard rest.count >= 2, let digits = String(Substring(rest.prefix(2))) as String?,
                    let octet = decodeHexadecimal(digits)?.first
                else { throw .form("a percent sign is not followed by two hexadecimal digits") }
                rest = rest.dropFirst(2)
                output.append(octet)
            default: output.append(byte)
            }
        }
        guard !output.contains(where: { ($0 < 0x20 && ![0x09, 0x0a, 0x0d].contains($0)) || $0 == 0x7f }) else {
            throw .form("it has a control character")
        }
        guard let text = String(validating: output, as: UTF8.self) else { throw .form("it is not UTF-8") }
        return text
    }
}

extension ProblemDetails {
    static func form(_ reason: String) -> ProblemDetails {
        ProblemDetails(
            type: "/problems/form", title: "Form refused", status: 400, detail: "the form is refused: \(reason)")
    }
}
