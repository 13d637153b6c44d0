import Model

/// Text out of a device's octets: whatever they are, the result is UTF-8 without control characters and not too long.
public enum DeviceText {
    /// Repairs invalid UTF-8, turns line ends and tabs into blanks, drops other control and direction characters, trims
    /// blanks and NULs, and cuts to `limit` bytes between characters.
    public static func clean(_ octets: [UInt8], limit: Int = Limits.valueBytes) -> String {
        var text = String.UnicodeScalarView()
        var size = 0
        var pendingBlank = false
        for scalar in String(decoding: octets.prefix(limit * 4), as: UTF8.self).unicodeScalars {
            if isBlank(scalar) {
                pendingBlank = !text.isEmpty
                continue
            }
            if isHidden(scalar) { continue }
            let width = UTF8.width(scalar) + (pendingBlank ? 1 : 0)
            guard size + width <= limit else { break }
            if pendingBlank { text.append(" ") }
            pendingBlank = false
            text.append(scalar)
            size += width
        }
        return String(text)
    }

    /// The text of an octet string; nil for other types and for nothing but blanks.
    public static func text(_ value: SNMPOctets?, limit: Int = Limits.valueBytes) -> String? {
        guard let value else { return nil }
        let text = clean(value, limit: limit)
        return text.isEmpty ? nil : text
    }

    /// Whether all octets are printable ASCII or valid UTF-8 without control characters: what a person may have typed.
    public static func isPrintable(_ octets: [UInt8]) -> Bool {
        guard !octets.isEmpty, let text = String(validating: octets, as: UTF8.self) else { return false }
        return text.unicodeScalars.allSatisfy { !isHidden($0) && ($0 == " " || !isBlank($0)) }
    }

    /// Octets in hexadecimal with colons.
    public static func hexadecimal(_ octets: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var bytes: [UInt8] = []
        for (index, octet) in octets.prefix(80).enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ":")) }
            bytes += [digits[Int(octet >> 4)], digits[Int(octet & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || (9...13).contains(scalar.value) || scalar.value == 0xa0 || scalar.value == 0x2028
            || scalar.value == 0x2029
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        let isDirection = (0x202a...0x202e).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        return scalar.value < 32 || (0x7f...0x9f).contains(scalar.value) || isDirection
    }
}

/// The contents of an OCTET STRING.
public typealias SNMPOctets = [UInt8]
