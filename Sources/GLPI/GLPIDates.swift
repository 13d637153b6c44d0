import Model

/// Dates as agents write them.
enum GLPIDates {
    /// `2019-12-19` of that with or without a time behind it, of `19/12/2019` (day first, as agents write dates of software) and of
    /// `20191219`; nil for any other form (`N/A`).
    static func day(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        if bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") {
            return join(bytes[0..<4], bytes[5..<7], bytes[8..<10])
        }
        if bytes.count == 10, bytes[2] == UInt8(ascii: "/"), bytes[5] == UInt8(ascii: "/") {
            return join(bytes[6..<10], bytes[3..<5], bytes[0..<2])
        }
        return bytes.count == 8 ? join(bytes[0..<4], bytes[4..<6], bytes[6..<8]) : nil
    }

    private static func join(_ year: ArraySlice<UInt8>, _ month: ArraySlice<UInt8>, _ day: ArraySlice<UInt8>) -> String?
    {
        guard (year + month + day).allSatisfy({ (48...57).contains($0) }) else { return nil }
        return [year, month, day].map { String(decoding: $0, as: UTF8.self) }.joined(separator: "-")
    }

    /// The firmware's own `02/06/2016`, as our agent reports it, of the `2016-02-06` that the JSON form makes of it.
    static func firmwareDay(_ text: String) -> String? {
        let parts = text.split(separator: "-")
        guard text.utf8.count == 10, parts.count == 3, parts[0].utf8.count == 4 else { return text }
        return "\(parts[1])/\(parts[2])/\(parts[0])"
    }

    /// RFC 3339 in UTC of `2020-06-09 07:58:08` and the offset `+0200`; nil where one of them is missing or wrong.
    static func moment(_ text: String?, offset: String?) -> String? {
        guard let text, let offset, text.utf8.count == 19, offset.utf8.count == 5 else { return nil }
        return Timestamp(rfc3339: "\(text.prefix(10))T\(text.suffix(8))\(offset.prefix(3)):\(offset.suffix(2))")?
            .rfc3339
    }
}
