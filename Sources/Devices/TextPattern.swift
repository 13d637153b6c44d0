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
        let bytes = Array(text.utf8)
        guard let start = ranges(of: before, in: bytes[...]).first?.upperBound else { return nil }
        var end = bytes.endIndex
        if isWord {
            let stops = Array(" \t\r\n,;()[]|".utf8)
            end = bytes[start...].firstIndex { stops.contains($0) } ?? end
            if !after.isEmpty, !bytes[end...].starts(with: after) { return nil }
        } else if !after.isEmpty {
            guard let next = ranges(of: after, in: bytes[start...]).first else { return nil }
            end = next.lowerBound
        } else {
            end = bytes[start...].firstIndex { $0 == 10 || $0 == 13 } ?? end
        }
        let captured = DeviceText.clean(Array(bytes[start..<end]), limit: 255)
        return captured.isEmpty ? nil : captured
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
