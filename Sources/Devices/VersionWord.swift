/// What a word of a description looks like when it is a version: `1.2`, `v1.2.3`, `V5.0.1-rc2`, `12.2(55)SE12`.
enum VersionWord {
    /// A letter at most, one to three digits, a dot and a digit; no measure.
    static func isVersion(_ word: some StringProtocol) -> Bool {
        isVersion(Array(word.utf8.prefix(longest))[...]) && !isMeasure(word)
    }

    /// Whether a version stands somewhere in the word, as in `MX-V4.7.2` and `Rev.14.01`.
    static func holdsVersion(_ word: some StringProtocol) -> Bool {
        let bytes = Array(word.utf8.prefix(longest))
        return bytes.indices.contains { index in
            isDigit(bytes[index]) && (index == 0 || !isDigit(bytes[index - 1])) && isVersion(bytes[index...])
        }
    }

    /// A version without the letter that only says that it is one, and without the stop behind it.
    static func bare(_ word: some StringProtocol) -> String {
        var word = Substring(word)
        while word.hasSuffix(".") || word.hasSuffix(":") { word.removeLast() }
        guard let first = word.first, "vVrR".contains(first), isVersion(word) else { return String(word) }
        return String(word.dropFirst())
    }

    /// Whether the word is the name of a state of sources, as FreeNAS has it behind its version: seven hexadecimal digits or more.
    static func isHash(_ word: some StringProtocol) -> Bool {
        let bytes = word.utf8.filter { !"().,:".utf8.contains($0) }
        return (7...40).contains(bytes.count) && bytes.allSatisfy { isDigit($0) || (97...102).contains($0) }
            && bytes.contains(where: isDigit) && bytes.contains(where: isLetter)
    }

    /// Whether the word is a frequency or a size: `2.10GHz`.
    static func isMeasure(_ word: some StringProtocol) -> Bool {
        let word = word.lowercased()
        return word.utf8.first.map(isDigit) == true && ["hz", "kb", "mb", "gb", "tb"].contains { word.hasSuffix($0) }
    }

    /// Bytes of a word that are looked at.
    private static let longest = 48

    private static func isVersion(_ bytes: ArraySlice<UInt8>) -> Bool {
        var bytes = bytes
        if let first = bytes.first, isLetter(first) { bytes.removeFirst() }
        guard let dot = bytes.firstIndex(of: UInt8(ascii: ".")), (1...3).contains(dot - bytes.startIndex),
            dot + 1 < bytes.endIndex
        else { return false }
        return bytes[..<dot].allSatisfy(isDigit) && isDigit(bytes[dot + 1])
    }

    static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) }
}
