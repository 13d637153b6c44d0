/// A value of a GLPI document, whichever of the two forms it came in.
///
/// XML has texts only; a repeated element is a list, one with elements inside is an object whose names are lower case, as
/// JSON has them.
enum GLPIValue: Hashable, Sendable {
    /// A text.
    case text(String)
    /// A whole number.
    case integer(Int64)
    /// Any other number that fits into 64 bits of floating point.
    case real(Double)
    /// Yes or no.
    case flag(Bool)
    /// JSON's null.
    case null
    /// A number that nothing holds (`1e400`): known to be there, not read.
    case unreadable
    /// Several values.
    case list([GLPIValue])
    /// Values by name.
    case object([String: GLPIValue])
}

/// The limits of a document; the sizes of the body are ``Limits``.
enum GLPILimits {
    /// Values in one document, of any kind: a computer with ten thousand packages has a tenth of it.
    static let values = 300_000
    /// Bytes of one text while it is read: environment variables of Windows have up to 32 KiB. What is kept of it is bounded by
    /// `Limits.valueBytes`.
    static let textBytes = 65_536
    /// Devices in one document of a network inventory.
    static let devices = 1000
}
