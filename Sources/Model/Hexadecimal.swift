/// The octets that pairs of hexadecimal digits write; nil on an odd count or any other character.
public func decodeHexadecimal(_ digits: some Sequence<UInt8>) -> [UInt8]? {
    var octets: [UInt8] = []
    var high: UInt8?
    for byte in digits {
        guard let digit = hexadecimalDigit(byte) else { return nil }
        if let first = high {
            octets.append(first << 4 | digit)
            high = nil
        } else {
            high = digit
        }
    }
    return high == nil ? octets : nil
}

func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
