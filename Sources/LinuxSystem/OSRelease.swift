/// The name of the operating system (os-release(5)).
public struct OSRelease: Hashable, Sendable {
    /// All assignments as written, quotes and escapes undone.
    public var fields: [String: String]

    /// Reads /etc/os-release, else /usr/lib/os-release.
    public static func read(_ root: SystemRoot) throws(SystemReadError) -> OSRelease {
        do {
            return OSRelease(try root.content("/etc/os-release", limit: 65_536))
        } catch {
            guard case .absent = error else { throw error }
            return OSRelease(try root.content("/usr/lib/os-release", limit: 65_536))
        }
    }

    /// Parses the file; lines that are no assignment are left out, of two the later counts.
    public init(_ content: ByteText) {
        fields = [:]
        for line in content.lines.prefix(500) {
            let line = line.trimmed
            guard !line.hasPrefix("#"), let equals = line.bytes.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = ByteText(slice: line.bytes[..<equals])
            guard isName(name) else { continue }
            fields[name.string] = unquoted(line.bytes[(equals + 1)...])
        }
    }

    /// `ID`, by default `linux`.
    public var id: String { fields["ID"] ?? "linux" }

    /// `NAME`, by default `Linux`.
    public var name: String { fields["NAME"] ?? "Linux" }
}

private func isName(_ text: ByteText) -> Bool {
    (1...64).contains(text.bytes.count)
        && text.bytes.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95
        }
}

/// A value in the shell's sense: quotes removed, a backslash takes the next byte as it is (not in single quotes).
private func unquoted(_ text: ArraySlice<UInt8>) -> String {
    var result: [UInt8] = []
    var quote: UInt8?
    var rest = text
    while let byte = rest.popFirst() {
        if byte == quote {
            quote = nil
        } else if quote == nil, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
            quote = byte
        } else if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "'"), let next = rest.popFirst() {
            result.append(next)
        } else {
            result.append(byte)
        }
    }
    return ByteText(slice: result[...]).trimmed.string
}
