/// Why packed bytes could not be read.
public enum PackedError: Error, Hashable, CustomStringConvertible {
    /// The bytes ended inside a value.
    case truncated(at: Int)
    /// A variable-length integer ran over 64 bits.
    case overlong(at: Int)
    /// A length or count above its limit.
    case tooLarge(what: String, value: UInt64, limit: Int, at: Int)
    /// Text that is not UTF-8, or holds NUL.
    case badText(at: Int)
    /// A value that means nothing here.
    case unexpected(what: String, value: UInt64, at: Int)

    /// One line: what and where.
    public var description: String {
        switch self {
        case .truncated(let at): "bytes end inside a value at \(at)"
        case .overlong(let at): "integer over 64 bits at \(at)"
        case .tooLarge(let what, let value, let limit, let at): "\(what) is \(value), limit \(limit), at \(at)"
        case .badText(let at): "text is not UTF-8 or holds NUL at \(at)"
        case .unexpected(let what, let value, let at): "\(what) \(value) is not known, at \(at)"
        }
    }
}

/// Reads what ``ByteWriter`` wrote, from bytes nobody vouches for: each step is checked against the end.
public struct ByteReader: Sendable {
    private let bytes: ArraySlice<UInt8>
    /// Offset of the next octet from the start.
    public private(set) var position = 0

    /// A reader at the start of `bytes`.
    public init(_ bytes: some Collection<UInt8>) { self.bytes = ArraySlice(Array(bytes)) }

    /// How many octets are left.
    public var remaining: Int { bytes.count - position }

    /// The next octet.
    public mutating func octet() throws(PackedError) -> UInt8 {
        guard remaining > 0 else { throw .truncated(at: position) }
        defer { position += 1 }
        return bytes[bytes.startIndex + position]
    }

    /// An unsigned LEB128 integer.
    public mutating func variable() throws(PackedError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            let next = try octet()
            let part = UInt64(next & 0x7f)
            guard shift < 63 || part <= 1 else { throw .overlong(at: position) }
            value |= part << shift
            if next & 0x80 == 0 { return value }
        }
        throw .overlong(at: position)
    }

    /// A zigzag integer.
    public mutating func signed() throws(PackedError) -> Int64 {
        let value = try variable()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// Eight octets, least significant first.
    public mutating func fixed() throws(PackedError) -> UInt64 {
        var value: UInt64 = 0
        for octet in try raw(8).reversed() { value = value << 8 | UInt64(octet) }
        return value
    }

    /// A count or length of at most `limit`.
    public mutating func count(of what: String, limit: Int) throws(PackedError) -> Int {
        let value = try variable()
        guard let count = Int(exactly: value), count <= limit else {
            throw .tooLarge(what: what, value: value, limit: limit, at: position)
        }
        return count
    }

    /// The next `count` octets.
    public mutating func raw(_ count: Int) throws(PackedError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw .truncated(at: position) }
        let start = bytes.startIndex + position
        position += count
        return bytes[start..<start + count]
    }

    /// A length-prefixed UTF-8 text of at most `limit` octets without NUL.
    public mutating func text(_ what: String, limit: Int) throws(PackedError) -> String {
        let length = try count(of: what, limit: limit)
        let octets = try raw(length)
        guard !octets.contains(0), let text = String(validating: octets, as: UTF8.self) else {
            throw .badText(at: position)
        }
        return text
    }
}
