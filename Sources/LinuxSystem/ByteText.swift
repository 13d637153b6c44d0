/// A stretch of a system file, read by bytes: the kernel's files promise no encoding, and `String` would see `\r\n` as
/// one character.
public struct ByteText: Hashable, Sendable {
    /// The bytes.
    public let bytes: ArraySlice<UInt8>

    /// A text of these bytes.
    public init(_ bytes: some Sequence<UInt8>) { self.bytes = ArraySlice(bytes) }

    /// A text of a slice, without copying.
    public init(slice: ArraySlice<UInt8>) { bytes = slice }

    /// As a string, broken UTF-8 replaced.
    public var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether there is nothing.
    public var isEmpty: Bool { bytes.isEmpty }

    /// The lines, without their ends and without empty ones.
    public var lines: [ByteText] { split(at: UInt8(ascii: "\n")) }

    /// The words between spaces and tabs.
    public var fields: [ByteText] {
        bytes.split { $0 == 0x20 || $0 == 0x09 }.map { ByteText(slice: $0) }
    }

    /// Without white space and NUL at either end.
    public var trimmed: ByteText {
        let isBlank: (UInt8) -> Bool = { $0 == 0 || $0 == 0x20 || (0x09...0x0d).contains($0) }
        guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return ByteText(slice: []) }
        return ByteText(slice: bytes[first...last])
    }

    /// The parts between `separator`, without empty ones.
    public func split(at separator: UInt8) -> [ByteText] {
        bytes.split(separator: separator).map { ByteText(slice: $0) }
    }

    /// What stands before and after the first `separator`, both trimmed; nil where there is none.
    public func cut(at separator: UInt8) -> (before: ByteText, after: ByteText)? {
        guard let index = bytes.firstIndex(of: separator) else { return nil }
        return (ByteText(slice: bytes[..<index]).trimmed, ByteText(slice: bytes[(index + 1)...]).trimmed)
    }

    /// The decimal number that the whole text is; nil on anything else and on overflow.
    public var number: Int64? { integer(Int64.self, radix: 10) }

    /// The decimal number of 64 bits without sign that the whole text is.
    public var count: UInt64? { integer(UInt64.self, radix: 10) }

    /// The hexadecimal number that the whole text is, without prefix.
    public var hexadecimal: UInt64? { integer(UInt64.self, radix: 16) }

    /// Whether the text is exactly these bytes.
    public static func == (left: ByteText, right: StaticString) -> Bool {
        right.withUTF8Buffer { left.bytes.elementsEqual($0) }
    }

    /// Whether the text begins with these bytes.
    public func hasPrefix(_ prefix: StaticString) -> Bool { prefix.withUTF8Buffer { bytes.starts(with: $0) } }

    /// Whether the text ends with these bytes.
    public func hasSuffix(_ suffix: StaticString) -> Bool {
        suffix.withUTF8Buffer { bytes.suffix($0.count).elementsEqual($0) }
    }

    // A number has at most 20 digits: a line of a megabyte is not looked at as one.
    private func integer<Number: FixedWidthInteger>(_ type: Number.Type, radix: Int) -> Number? {
        guard (1...20).contains(bytes.count), bytes.first != UInt8(ascii: "+") else { return nil }
        return Number(string, radix: radix)
    }
}

extension SystemRoot {
    /// The content of a file as bytes to be read field by field.
    public func content(_ path: String, limit: Int = 1 << 20) throws(SystemReadError) -> ByteText {
        ByteText(slice: try bytes(path, limit: limit)[...])
    }
}
