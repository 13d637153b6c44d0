/// A name in which `*` stands for any text, also none; the rest must be there octet by octet, from the first to the last.
///
/// Each part is looked for behind the one before it and never again, so no name and no pattern costs more than their lengths
/// multiplied (threats M6).
public struct NamePattern: Hashable, Sendable, CustomStringConvertible {
    /// As it is written.
    public let description: String
    private let parts: [[UInt8]]
    private let ignoresCase: Bool

    /// A pattern; with `ignoresCase` letters A to Z and a to z are the same, as in host names.
    public init(_ text: String, ignoresCase: Bool = false) {
        description = text
        self.ignoresCase = ignoresCase
        parts = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
            .map { $0.map { ignoresCase ? NamePattern.lowered($0) : $0 } }
    }

    /// Whether the name is one of those meant.
    public func fits(_ name: String) -> Bool {
        let bytes = name.utf8.map { ignoresCase ? NamePattern.lowered($0) : $0 }
        guard let first = parts.first, let last = parts.last, parts.count > 1 else { return parts.first == bytes }
        guard bytes.count >= first.count + last.count, bytes.starts(with: first), bytes.suffix(last.count) == last[...]
        else { return false }
        var rest = bytes[first.count..<(bytes.count - last.count)]
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let place = NamePattern.place(of: part, in: rest) else { return false }
            rest = rest[(place + part.count)...]
        }
        return true
    }

    private static func place(of part: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
        guard text.count >= part.count else { return nil }
        return (text.startIndex...(text.endIndex - part.count)).first { text[$0..<($0 + part.count)] == part[...] }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 0x20 : byte }
}
