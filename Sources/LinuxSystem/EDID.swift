/// What a monitor says of itself (VESA E-EDID 1.4, the base block).
public struct EDID: Hashable, Sendable {
    /// Three letters of the maker, e.g. `DEL`.
    public var vendorID: String
    /// The maker's number of the product.
    public var product: UInt16
    /// The serial number as a number; nil for 0.
    public var number: UInt32?
    /// Week of the year, where it was stated.
    public var week: Int?
    /// Year it was made in, or of the model.
    public var year: Int?
    /// Name of the product.
    public var name: String?
    /// Serial number as text.
    public var serial: String?
    /// Other text, often the panel's number.
    public var text: String?
    /// Width of the picture in centimetres; nil for a projector.
    public var width: Int?
    /// Height of the picture in centimetres.
    public var height: Int?
    /// Its own resolution, `1920x1080`.
    public var resolution: String?
    /// Whether it takes a digital signal.
    public var isDigital: Bool

    private static let magic: [UInt8] = [0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0]

    /// Reads a block; nil when it is too short or not one. The sum is not checked: old monitors get it wrong.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count >= 128, bytes.starts(with: EDID.magic) else { return nil }
        let letters = UInt16(bytes[8]) << 8 | UInt16(bytes[9])
        vendorID = String(
            decoding: [10, 5, 0].map { UInt8(truncatingIfNeeded: 64 + (letters >> $0 & 31)) }, as: UTF8.self)
        product = UInt16(bytes[11]) << 8 | UInt16(bytes[10])
        let serial = bytes[12..<16].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        number = serial == 0 ? nil : serial
        week = (1...54).contains(bytes[16]) ? Int(bytes[16]) : nil
        year = bytes[17] == 0 ? nil : 1990 + Int(bytes[17])
        isDigital = bytes[20] & 0x80 != 0
        if bytes[21] > 0, bytes[22] > 0 {
            width = Int(bytes[21])
            height = Int(bytes[22])
        }
        for start in [54, 72, 90, 108] { take(Array(bytes[start..<(start + 18)])) }
    }

    /// The number as the maker writes it: Eizo and Philips in decimal, most in hexadecimal.
    public var numberText: String? {
        switch vendorID {
        case "ENC", "EIZ": number.map { String($0) }
        case "PHL": number.map { String(repeating: "0", count: max(0, 6 - String($0).utf8.count)) + String($0) }
        default: number.map { hexadecimal($0, 8) }
        }
    }

    /// Acer prints on its labels the first eight characters of the text, the number in hexadecimal, the last four.
    public var labelSerial: String? {
        guard vendorID == "ACR", let serial, serial.utf8.count == 12, let number else { return nil }
        return serial.prefix(8) + hexadecimal(number, 8) + serial.suffix(4)
    }

    /// A detailed timing, or a descriptor of a tag and thirteen bytes.
    private mutating func take(_ block: [UInt8]) {
        guard block.count == 18 else { return }
        if block[0] != 0 || block[1] != 0 {
            let across = Int(block[2]) | Int(block[4] & 0xf0) << 4
            let down = Int(block[5]) | Int(block[7] & 0xf0) << 4
            if resolution == nil, across > 0, down > 0 { resolution = "\(across)x\(down)" }
            return
        }
        switch block[3] {
        case 0xff: serial = serial ?? descriptor(block)
        case 0xfc:
            // A long name goes on in a second descriptor.
            name = [name, descriptor(block)].compactMap { $0 }.joined(separator: " ")
            if name?.isEmpty ?? false { name = nil }
        case 0xfe: text = text ?? descriptor(block)
        default: break
        }
    }

    /// Text up to its newline; bytes that are no ASCII are left out.
    private func descriptor(_ block: [UInt8]) -> String? {
        let bytes = block[5...].prefix { $0 != 10 && $0 != 0 }.filter { (0x20...0x7e).contains($0) }
        let text = ByteText(bytes).trimmed.string
        return text.isEmpty ? nil : text
    }
}
