/// One message of a netlink answer (netlink(7)): its type and what follows the 16 octets of its head.
public struct NetlinkMessage: Hashable, Sendable {
    /// The type; below 16 the protocol's own.
    public var type: UInt16
    /// The flags.
    public var flags: UInt16
    /// What follows the head.
    public var payload: ArraySlice<UInt8>

    static let (error, done): (UInt16, UInt16) = (2, 3)
    /// The table changed while it was dumped (NLM_F_DUMP_INTR).
    static let isTorn: UInt16 = 0x10
    private static let head = 16

    /// The messages in `bytes`, up to the first that is cut or not one. Numbers are in the order of this machine, which is little
    /// endian on all but s390 and SPARC.
    public static func all(in bytes: some Collection<UInt8>) -> [NetlinkMessage] {
        var rest = ArraySlice(Array(bytes))
        var messages: [NetlinkMessage] = []
        while let length = rest.native(at: 0, count: 4), length >= head, length <= rest.count,
            let type = rest.native(at: 4, count: 2), let flags = rest.native(at: 6, count: 2)
        {
            let count = Int(length)
            messages.append(
                NetlinkMessage(
                    type: UInt16(truncatingIfNeeded: type), flags: UInt16(truncatingIfNeeded: flags),
                    payload: rest.dropFirst(head).prefix(count - head)))
            rest = rest.dropFirst(NetlinkMessage.aligned(count))
        }
        return messages
    }

    /// The octets of a message.
    static func bytes(type: UInt16, flags: UInt16, sequence: UInt32, payload: [UInt8]) -> [UInt8] {
        native(UInt32(clamping: head + payload.count)) + native(type) + native(flags) + native(sequence)
            + native(UInt32(0)) + payload
    }

    /// Messages and attributes begin at multiples of four.
    static func aligned(_ count: Int) -> Int { (count + 3) & ~3 }

    /// The octets of a number in the order of this machine.
    static func native(_ number: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: number) { Array($0) } }
}

/// The attributes behind the fixed part of a message, by number; of two with one number the first counts.
public struct NetlinkAttributes: Hashable, Sendable {
    private var values: [UInt16: ArraySlice<UInt8>] = [:]

    /// NLA_TYPE_MASK: the two highest bits say how a value is written.
    private static let numbers: UInt16 = 0x3fff

    /// The attributes in `bytes`, up to the first that is cut.
    public init(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while let length = rest.native(at: 0, count: 2), length >= 4, length <= rest.count,
            let type = rest.native(at: 2, count: 2)
        {
            let count = Int(length)
            let number = UInt16(truncatingIfNeeded: type) & NetlinkAttributes.numbers
            if values[number] == nil { values[number] = rest.dropFirst(4).prefix(count - 4) }
            rest = rest.dropFirst(NetlinkMessage.aligned(count))
        }
    }

    /// The octets of attribute `number`; nil where there is none.
    public subscript(number: UInt16) -> ArraySlice<UInt8>? { values[number] }

    /// A text that ends with its first NUL; nil where there is none or it is empty.
    public func text(_ number: UInt16) -> String? {
        guard let octets = values[number]?.prefix(while: { $0 != 0 }), !octets.isEmpty else { return nil }
        return String(decoding: octets, as: UTF8.self)
    }

    /// A number of at most 8 octets in the order of this machine.
    public func native(_ number: UInt16) -> UInt64? {
        values[number].flatMap { $0.native(at: 0, count: min(8, $0.count)) }
    }

    /// A number of at most 8 octets in the order of networks.
    public func bigEndian(_ number: UInt16) -> UInt64? {
        values[number].flatMap { $0.bigEndian(at: 0, count: min(8, $0.count)) }
    }

    /// The octets of an attribute.
    static func bytes(_ number: UInt16, _ value: [UInt8]) -> [UInt8] {
        let length = 4 + value.count
        return NetlinkMessage.native(UInt16(clamping: length)) + NetlinkMessage.native(number) + value
            + [UInt8](repeating: 0, count: NetlinkMessage.aligned(length) - length)
    }
}

extension Collection<UInt8> where Index == Int {
    /// The number of `count` bytes at an offset from the start in the order of this machine; nil outside.
    func native(at offset: Int, count: Int) -> UInt64? {
        1.littleEndian == 1 ? littleEndian(at: offset, count: count) : bigEndian(at: offset, count: count)
    }
}
