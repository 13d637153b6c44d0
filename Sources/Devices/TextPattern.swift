import Model

/// A pattern with one hole, matched in one pass: `Version {}, RELEASE` takes what stands between the two texts,
/// `SN:{word}` what follows up to a blank, comma, semicolon or bracket. There is no backtracking to provoke.
public struct TextPattern: Hashable, Sendable {
    private let before: [UInt8]
    private let after: [UInt8]
    private let isWord: Bool

    /// Parses a pattern; nil where it does not have exactly one hole.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        let holes = ["{word}", "{}"].flatMap { hole in
            ranges(of: Array(hole.utf8), in: bytes[...]).map { ($0, hole == "{word}") }
        }
        guard holes.count == 1, let (hole, isWord) = holes.first else { return nil }
        before = Array(bytes[..<hole.lowerBound])
        after = Array(bytes[hole.upperBound...])
        self.isWord = isWord
    }

    /// What fills the hole at the first place where the pattern fits; nil where it fits nowhere or is empty.
    public func capture(in text: String) -> String? {
        let bytes = Array(text.utf8.prefix(Limits.valueBytes))
        for place in ranges(of: before, in: bytes[...]).prefix(200) {
            let end = isWord ? endOfWord(bytes[place.upperBound...]) : endOfText(bytes[place.upperBound...])
            guard let end else { continue }
            let captured = DeviceText.clean(Array(bytes[place.upperBound..<end]), limit: 255)
            if !captured.isEmpty { return captured }
        }
        return nil
    }

    /// The end of a word: a blank, comma, semicolon, bar, or a bracket that was not opened in it.
    private func endOfWord(_ rest: ArraySlice<UInt8>) -> Int? {
        var open = 0
        var end = rest.endIndex
        loop: for (index, byte) in zip(rest.indices, rest) {
            switch byte {
            case UInt8(ascii: "("), UInt8(ascii: "["): open += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"):
                open -= 1
                if open >= 0 { continue }
                end = index
                break loop
            case 9, 10, 13, 32, UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|"):
                end = index
                break loop
            default: continue
            }
        }
        return after.isEmpty || rest[end...].starts(with: after) ? end : nil
    }

    private func endOfText(_ rest: ArraySlice<UInt8>) -> Int? {
        if after.isEmpty { return rest.firstIndex { $0 == 10 || $0 == 13 } ?? rest.endIndex }
        return ranges(of: after, in: rest).first?.lowerBound
    }
}

/// Where `needle` stands in `bytes`; at the start where it is empty.
private func ranges(of needle: [UInt8], in bytes: ArraySlice<UInt8>) -> [Range<Int>] {
    guard !needle.isEmpty else { return [bytes.startIndex..<bytes.startIndex] }
    var found: [Range<Int>] = []
    var index = bytes.startIndex
    while index + needle.count <= bytes.endIndex {
        if bytes[index..<index + needle.count].elementsEqual(needle) {
            found.append(index..<index + needle.count)
            index += needle.count
        } else {
            index += 1
        }
    }
    return found
}
