/// A package URL (purl specification, ECMA-427): `pkg:TYPE/NAMESPACE/NAME@VERSION?KEY=VALUE`.
struct PackageURL {
    /// `deb`, `rpm`, `apk`, `alpm`, `pypi`, `npm`, `gem`, `maven`, `generic`.
    var type: String
    /// Segments with `/` between them; empty for none.
    var namespace = ""
    var name: String
    var version = ""
    /// Qualifiers; those with an empty value are left out.
    var qualifiers: [(key: String, value: String)] = []

    /// The text: each part percent-encoded by bytes, qualifiers in the order of their keys.
    var text: String {
        var result = "pkg:\(type)/"
        for segment in namespace.split(separator: "/") { result += encoded(segment) + "/" }
        result += encoded(name)
        if !version.isEmpty { result += "@" + encoded(version) }
        var separator = "?"
        for (key, value) in qualifiers.sorted(by: { $0.key < $1.key }) where !value.isEmpty {
            result += separator + key + "=" + encoded(value)
            separator = "&"
        }
        return result
    }

    /// Lower case for ASCII only, as the types ask for it.
    static func lowered(_ text: String) -> String {
        String(decoding: text.utf8.map { (65...90).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    /// What is no letter, digit, `.`, `-`, `_`, `~` or `:` is written as `%` and two digits for each byte.
    private func encoded(_ text: some StringProtocol) -> String {
        var needsWork = false
        for byte in text.utf8 where !isPlain(byte) { needsWork = true }
        guard needsWork else { return String(text) }
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isPlain(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...58, 65...90, 97...122, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
