import Model

/// How a value is packed: most that is measured is a count or has a few decimal places, and takes two to five octets instead
/// of eight. Every form gives back the same IEEE 754 bits.
enum SampleNumber {
    /// The two low bits of what stands before a value.
    private enum Form: UInt64 {
        /// Eight octets, IEEE 754 bits.
        case bits = 0
        /// A zigzag integer.
        case integer = 1
        /// An octet of decimal places, then a zigzag integer that is divided by ten as often.
        case decimal = 2
    }

    /// Beyond it not every integer is a number of 64 bits in IEEE 754.
    private static let largest = Int64(1) << 53
    /// A longer one would save nothing.
    private static let largestDecimal = Int64(1) << 41
    /// Each is a power of ten that IEEE 754 holds exactly, so that one division rounds once.
    private static let powers: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]

    /// Appends how far the index is from the one before, and the value in its shortest form.
    static func write(step: UInt32, _ value: Double, to writer: inout ByteWriter) {
        func begin(_ form: Form) { writer.variable(UInt64(step) << 2 | form.rawValue) }
        if let whole = Int64(exactly: value), whole.magnitude <= largest.magnitude, value.bitPattern != minusZero {
            begin(.integer)
            writer.signed(whole)
        } else if let (places, digits) = decimal(value) {
            begin(.decimal)
            writer.octet(places)
            writer.signed(digits)
        } else {
            begin(.bits)
            writer.fixed(value.bitPattern)
        }
    }

    /// Reads what ``write(step:_:to:)`` wrote; refuses unknown forms, NaN and infinities.
    static func read(_ reader: inout ByteReader) throws(PackedError) -> (step: UInt64, value: Double) {
        let begin = try reader.variable()
        switch Form(rawValue: begin & 3) {
        case .integer: return (begin >> 2, Double(try whole(&reader, largest)))
        case .decimal:
            let places = Int(try reader.octet())
            guard powers.indices.dropFirst().contains(places) else {
                throw .unexpected(what: "decimal places", value: UInt64(places), at: reader.position)
            }
            return (begin >> 2, Double(try whole(&reader, largestDecimal)) / powers[places])
        case .bits:
            let value = Double(bitPattern: try reader.fixed())
            guard value.isFinite else {
                throw .unexpected(what: "number bits", value: value.bitPattern, at: reader.position)
            }
            return (begin >> 2, value)
        case nil: throw .unexpected(what: "form of a number", value: begin & 3, at: reader.position)
        }
    }

    private static let minusZero = (-0.0).bitPattern

    private static func decimal(_ value: Double) -> (places: UInt8, digits: Int64)? {
        for (places, power) in powers.enumerated().dropFirst() {
            guard let digits = Int64(exactly: (value * power).rounded()), digits.magnitude <= largestDecimal.magnitude
            else { return nil }
            if Double(digits) / power == value, digits != 0 { return (UInt8(places), digits) }
        }
        return nil
    }

    private static func whole(_ reader: inout ByteReader, _ limit: Int64) throws(PackedError) -> Int64 {
        let value = try reader.signed()
        guard value.magnitude <= limit.magnitude else {
            throw .tooLarge(
                what: "digits of a number", value: UInt64(value.magnitude), limit: Int(limit), at: reader.position)
        }
        return value
    }
}
