import Wire

/// Path and query of a request, decoded strictly: what is not plain is refused, never repaired.
public struct RequestTarget: Hashable, Sendable {
    /// The path's segments, percent-decoded.
    public var segments: [String]
    /// The query's names and values, percent-decoded, in order.
    public var query: [(name: String, value: String)]

    /// The root.
    public static let root = RequestTarget()

    private init() {
        segments = []
        query = []
    }

    /// Longest request target accepted, in bytes.
    public static let bytes = 8192

    /// Reads `/v1/ci/7?as_of=…`. Refuses other forms, longer targets, bad escapes, bytes that are no UTF-8, control
    /// characters, empty and dot segments, and escaped slashes.
    public init(_ text: String) throws(ProblemDetails) {
        guard text.utf8.count <= Self.bytes else { throw .targetTooLong }
        guard text.utf8.first == UInt8(ascii: "/") else { throw .badTarget("it must begin with a slash") }
        guard !text.utf8.contains(UInt8(ascii: "#")) else { throw .badTarget("it has a fragment") }
        let parts = text.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts.first.map(Array.init) ?? []
        var segments: [String] = []
        for piece in path.count == 1
            ? [] : path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        {
            let segment = try Self.decode(Array(piece), plusIsSpace: false)
            guard !segment.isEmpty, segment != ".", segment != ".." else {
                throw .badTarget("it has an empty or dot segment")
            }
            segments.append(segment)
        }
        self.segments = segments
        query = []
        guard parts.count == 2 else { return }
        for pair in parts[1].split(separator: UInt8(ascii: "&")) {
            let sides = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Self.decode(Array(sides.first ?? pair[...]), plusIsSpace: true)
            let value = sides.count == 2 ? try Self.decode(Array(sides[1]), plusIsSpace: true) : ""
            query.append((name, value))
        }
        guard query.count <= 64 else { throw .badTarget("it has more than 64 parameters") }
    }

    /// Equal when segments and parameters are, in order.
    public static func == (left: RequestTarget, right: RequestTarget) -> Bool {
        left.segments == right.segments && left.query.elementsEqual(right.query, by: ==)
    }

    /// By segments and parameters.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(segments)
        for (name, value) in query {
            hasher.combine(name)
            hasher.combine(value)
        }
    }

    private static func decode(_ bytes: [UInt8], plusIsSpace: Bool) throws(ProblemDetails) -> String {
        var output: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard rest.count >= 2,
                    let octet = decodeHexadecimal(String(decoding: rest.prefix(2), as: UTF8.self))?.first
                else { throw .badTarget("a percent sign is not followed by two hexadecimal digits") }
                rest = rest.dropFirst(2)
                guard octet != UInt8(ascii: "/") || plusIsSpace else { throw .badTarget("it has an escaped slash") }
                output.append(octet)
            case UInt8(ascii: "+") where plusIsSpace: output.append(0x20)
            default: output.append(byte)
            }
        }
        guard !output.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
            throw .badTarget("it has a control character")
        }
        guard let text = String(validating: output, as: UTF8.self) else { throw .badTarget("it is not UTF-8") }
        return text
    }
}
