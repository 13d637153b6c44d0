import Model

/// Just enough of BER and SNMPv2c for a test to play a device, right or wrong. The product has no codec of its own.
public enum BER {
    /// A tag, a length and contents.
    public static func tlv(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
        let count = contents.count
        if count < 128 { return [tag, UInt8(count)] + contents }
        if count < 256 { return [tag, 0x81, UInt8(count)] + contents }
        return [tag, 0x82, UInt8(count >> 8), UInt8(count & 0xff)] + contents
    }

    /// An INTEGER or one of the unsigned types.
    public static func integer(_ value: Int64, tag: UInt8 = 2) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value
        repeat {
            bytes.insert(UInt8(truncatingIfNeeded: rest), at: 0)
            rest >>= 8
        } while !(rest == 0 && bytes[0] & 0x80 == 0) && !(rest == -1 && bytes[0] & 0x80 != 0)
        return tlv(tag, bytes)
    }

    /// An OBJECT IDENTIFIER.
    public static func oid(_ parts: [UInt32]) -> [UInt8] {
        var bytes: [UInt8] = []
        let first = parts.count > 1 ? [parts[0] * 40 + parts[1]] + parts[2...] : [0]
        for part in first {
            var groups = [UInt8(part & 0x7f)]
            var rest = part >> 7
            while rest > 0 {
                groups.insert(UInt8(rest & 0x7f) | 0x80, at: 0)
                rest >>= 7
            }
            bytes += groups
        }
        return tlv(6, bytes)
    }

    /// Reads one element: its tag, its contents, what follows.
    public static func read(_ bytes: ArraySlice<UInt8>) -> (
        tag: UInt8, contents: ArraySlice<UInt8>, rest: ArraySlice<UInt8>
    )? {
        var rest = bytes
        guard let tag = rest.popFirst(), let first = rest.popFirst() else { return nil }
        var length = Int(first)
        if first & 0x80 != 0 {
            length = 0
            for _ in 0..<(first & 0x7f) {
                guard let next = rest.popFirst() else { return nil }
                length = length << 8 | Int(next)
            }
        }
        guard length <= rest.count else { return nil }
        return (tag, rest.prefix(length), rest.dropFirst(length))
    }

    /// A whole number from contents.
    public static func number(_ contents: ArraySlice<UInt8>) -> Int64 {
        contents.reduce(contents.first.map { $0 & 0x80 != 0 ? -1 : 0 } ?? 0) { $0 << 8 | Int64($1) }
    }

    /// Sub-identifiers from contents.
    public static func parts(_ contents: ArraySlice<UInt8>) -> [UInt32] {
        var parts: [UInt32] = []
        var value: UInt32 = 0
        for byte in contents {
            value = value << 7 | UInt32(byte & 0x7f)
            guard byte & 0x80 == 0 else { continue }
            if parts.isEmpty {
                parts = [min(value / 40, 2), value - min(value / 40, 2) * 40]
            } else {
                parts.append(value)
            }
            value = 0
        }
        return parts
    }
}

/// A v1 or v2c request as a test sees it.
public struct TestRequest: Sendable {
    /// 0 or 1.
    public var version: Int64 = 1
    /// The community.
    public var community: [UInt8] = []
    /// 0xa0 GET, 0xa1 GETNEXT, 0xa5 GETBULK.
    public var kind: UInt8 = 0xa0
    /// The request id.
    public var id: Int64 = 0
    /// GETBULK's repetitions.
    public var repetitions: Int64 = 0
    /// What is asked for.
    public var oids: [OID] = []

    /// Reads a message; nil for v3 and for what is no request.
    public init?(_ bytes: [UInt8]) {
        guard let message = BER.read(bytes[...]), let version = BER.read(message.contents),
            let community = BER.read(version.rest), let pdu = BER.read(community.rest),
            let id = BER.read(pdu.contents), let second = BER.read(id.rest), let third = BER.read(second.rest),
            let list = BER.read(third.rest)
        else { return nil }
        self.version = BER.number(version.contents)
        guard self.version < 2 else { return nil }
        self.community = Array(community.contents)
        kind = pdu.tag
        self.id = BER.number(id.contents)
        repetitions = BER.number(third.contents)
        var rest = list.contents
        while let varbind = BER.read(rest), let name = BER.read(varbind.contents) {
            oids.append(OID(BER.parts(name.contents)))
            rest = varbind.rest
        }
    }

    /// A response to this request.
    public func response(
        _ varbinds: [(OID, [UInt8])], status: Int64 = 0, index: Int64 = 0, id: Int64? = nil, community: [UInt8]? = nil
    ) -> [UInt8] {
        let list = varbinds.flatMap { BER.tlv(0x30, BER.oid($0.0.parts) + $0.1) }
        let pdu = BER.integer(id ?? self.id) + BER.integer(status) + BER.integer(index) + BER.tlv(0x30, list)
        return BER.tlv(0x30, BER.integer(version) + BER.tlv(4, community ?? self.community) + BER.tlv(0xa2, pdu))
    }
}
