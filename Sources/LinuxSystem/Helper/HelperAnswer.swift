/// How the helper answers: `ok COUNT` and a newline with as many octets behind it, or `error TEXT` and a newline; then
/// it ends the connection.
public enum HelperAnswer: Hashable, Sendable {
    /// What was asked for.
    case ok([UInt8])
    /// Why there is nothing.
    case error(String)

    /// The longest first line.
    public static let lineBytes = 512

    /// The octets of the answer.
    public var bytes: [UInt8] {
        switch self {
        case .ok(let body): Array("ok \(body.count)\n".utf8) + body
        case .error(let text): Array("error \(plain(text))\n".utf8)
        }
    }

    /// Reads a whole answer; nil when it is cut, too long or not one.
    public init?(_ bytes: [UInt8]) {
        guard let end = bytes.prefix(HelperAnswer.lineBytes).firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let line = ByteText(slice: bytes[..<end])
        let body = bytes[(end + 1)...]
        if line.hasPrefix("ok "), let count = ByteText(slice: line.bytes.dropFirst(3)).count {
            guard UInt64(body.count) == count else { return nil }
            self = .ok(Array(body))
        } else if line.hasPrefix("error "), body.isEmpty {
            self = .error(plain(ByteText(slice: line.bytes.dropFirst(6)).string))
        } else {
            return nil
        }
    }
}

/// One line of at most 300 printable ASCII characters.
private func plain(_ text: String) -> String {
    String(decoding: text.utf8.prefix(300).map { (0x20...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
}
