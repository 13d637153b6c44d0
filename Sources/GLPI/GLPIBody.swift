import Model
import Wire

/// The body of a request as agents send it: plain, or packed by zlib or gzip. What it is shows in its first octets; agents name
/// the packing in the media type, other programs that send such documents do not.
enum GLPIBody {
    /// The plain octets; packed ones are unpacked once.
    static func plain(_ body: [UInt8]) throws(GLPIRefusal) -> [UInt8] {
        guard let packing = packing(of: body) else { return body }
        do throws(GzipError) {
            return try Gzip.decompress(body, packing: packing)
        } catch {
            let isTooLarge =
                switch error {
                case .tooLarge, .ratio: true
                default: false
                }
            throw GLPIRefusal("the packed body: \(error)", isTooLarge: isTooLarge)
        }
    }

    /// gzip begins with 1f 8b (RFC 1952); zlib with a method of 8 and a check (RFC 1950, 2.2), which no `{` or `<` has.
    private static func packing(of body: [UInt8]) -> Gzip.Packing? {
        guard body.count >= 2 else { return nil }
        if body[0] == 0x1f, body[1] == 0x8b { return .gzip }
        let isZlib = body[0] & 0x0f == 8 && body[0] >> 4 <= 7 && (UInt16(body[0]) << 8 | UInt16(body[1])) % 31 == 0
        return isZlib ? .zlib : nil
    }
}
