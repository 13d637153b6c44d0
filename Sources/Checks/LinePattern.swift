/// A text that must stand in a line, in which `*` stands for any text: parts that follow one another.
///
/// Each part is looked for behind the one before it, with a search that never goes back, so that no line and no pattern costs more
/// than their lengths (threats M6).
struct LinePattern: Hashable, Sendable {
    private let parts: [ByteSearch]
    private let ignoresCase: Bool

    /// Nil where the text has nothing but `*`.
    init?(_ text: String, ignoresCase: Bool) {
        self.ignoresCase = ignoresCase
        parts = text.utf8.split(separator: UInt8(ascii: "*"))
            .map { ByteSearch(ignoresCase ? $0.map(LinePattern.lowered) : Array($0)) }
        if parts.isEmpty { return nil }
    }

    /// Whether the line fits.
    func fits(_ line: ArraySlice<UInt8>) -> Bool {
        var start = line.startIndex
        for part in parts {
            guard let end = part.end(in: line, from: start, ignoresCase: ignoresCase) else { return false }
            start = end
        }
        return true
    }

    fileprivate static func lowered(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 0x20 : byte }
}

/// Knuth, Morris and Pratt's search for one text.
struct ByteSearch: Hashable, Sendable {
    private let needle: [UInt8]
    private let borders: [Int]

    /// A search for `needle`.
    init(_ needle: [UInt8]) {
        self.needle = needle
        var borders = needle.isEmpty ? [] : [0]
        var length = 0
        for byte in needle.dropFirst() {
            while length > 0, needle[length] != byte { length = borders[length - 1] }
            if needle[length] == byte { length += 1 }
            borders.append(length)
        }
        self.borders = borders
    }

    /// Where the first place ends that holds the text at or behind `start`; nil where there is none.
    func end(in text: ArraySlice<UInt8>, from start: Int, ignoresCase: Bool = false) -> Int? {
        guard let first = needle.first else { return start }
        var matched = 0
        var index = start
        while index < text.endIndex {
            let byte = ignoresCase ? LinePattern.lowered(text[index]) : text[index]
            index += 1
            if matched == 0, byte != first { continue }
            while matched > 0, needle[matched] != byte { matched = borders[matched - 1] }
            if needle[matched] == byte { matched += 1 }
            if matched == needle.count { return index }
        }
        return nil
    }
}

/// Whether `needle` stands in `body`; linear for every text.
func holds(_ body: [UInt8], _ needle: [UInt8]) -> Bool {
    ByteSearch(needle).end(in: body[...], from: 0) != nil
}
