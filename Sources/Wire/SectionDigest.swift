import Model

/// The digest both sides compute over a section, independent of how it travelled.
public enum SectionDigest {
    /// SHA-256 over the items in order of their key's UTF-8 bytes: key, then each attribute in order of its name's
    /// bytes as name and tagged value, every text with its length before it.
    public static func digest(of items: some Sequence<SectionItem>) -> SHA256Digest {
        var writer = ByteWriter()
        for item in items.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            writer.text(item.key)
            writer.variable(UInt64(item.attributes.count))
            let names = item.attributes.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            for (name, value) in names {
                writer.text(name)
                write(value, to: &writer)
            }
        }
        return SHA256Digest(of: writer.bytes)
    }

    private static func write(_ value: AttributeValue, to writer: inout ByteWriter) {
        switch value {
        case .text(let text):
            writer.octet(1)
            writer.text(text)
        case .integer(let number):
            writer.octet(2)
            writer.signed(number)
        case .real(let number):
            // JSON writes 2.0 as 2, which the other side reads as a whole number: both must digest alike.
            if let whole = Int64(exactly: number) {
                writer.octet(2)
                writer.signed(whole)
            } else {
                writer.octet(3)
                writer.fixed(number.bitPattern)
            }
        case .flag(let flag):
            writer.octet(4)
            writer.octet(flag ? 1 : 0)
        case .list(let items):
            writer.octet(5)
            writer.variable(UInt64(items.count))
            for item in items { writer.text(item) }
        }
    }
}
