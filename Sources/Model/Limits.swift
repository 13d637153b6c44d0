/// The sizes that hold at every door (threats M1); a larger input is refused before it is read.
public enum Limits {
    /// Bytes of a request body as sent.
    public static let bodyBytes = 1 << 20
    /// Bytes of a request body after decompression.
    public static let inflatedBytes = 16 << 20
    /// Depth of nested JSON.
    public static let depth = 64
    /// UTF-8 bytes of a name: attribute, key, section, metric.
    public static let nameBytes = 255
    /// UTF-8 bytes of a text value; an item's key counts as a value because paths and addresses go into it.
    public static let valueBytes = 4096
    /// Items in one part of a section.
    public static let itemsPerPart = 20_000
    /// Values in one report of samples.
    public static let samplesPerReport = 10_000
}
