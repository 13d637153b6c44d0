/// A small text file of lines `name value…` with a CRC-32C in its last line, so that a torn or changed one is seen.
enum SealedLines {
    /// The text of `lines` with their sum.
    static func encode(_ lines: [[String]]) -> [UInt8] {
        let body = Array(lines.map { $0.joined(separator: " ") + "\n" }.joined().utf8)
        return body + Array("sum \(CRC32C.sum(body))\n".utf8)
    }

    /// The words of each line; nil when the sum is missing or wrong.
    static func decode(_ bytes: [UInt8]) -> [[Substring]]? {
        guard let text = String(validating: bytes, as: UTF8.self), bytes.last == UInt8(ascii: "\n") else { return nil }
        let lines = text.utf8.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard let last = lines.last, let seal = Substring(last).split(separator: " ").last,
            Substring(last) == "sum \(seal)", let sum = UInt32(seal)
        else { return nil }
        guard CRC32C.sum(bytes[..<(bytes.count - last.count - 1)]) == sum else { return nil }
        return lines.dropLast().map { Substring($0).split(separator: " ") }
    }
}
