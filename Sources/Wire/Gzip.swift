import CZlib
import Model

/// Why a gzip stream was refused.
public enum GzipError: Error, Hashable, CustomStringConvertible {
    /// zlib could not be set up (out of memory).
    case unavailable
    /// Not packed as it should be, or damaged.
    case damaged
    /// The stream ends before its trailer.
    case truncated
    /// Octets behind the trailer.
    case trailing(bytes: Int)
    /// It inflates beyond the limit.
    case tooLarge(limit: Int)
    /// It inflates by more than 100 beyond the first MiB.
    case ratio

    /// One line.
    public var description: String {
        switch self {
        case .unavailable: "zlib is out of memory"
        case .damaged: "body is not packed as it says or is damaged"
        case .truncated: "packed stream ends too early"
        case .trailing(let bytes): "\(bytes) bytes behind the packed stream"
        case .tooLarge(let limit): "body inflates to more than \(limit) bytes"
        case .ratio: "body inflates by more than 100"
        }
    }
}

/// gzip (RFC 1952) and zlib streams (RFC 1950) over zlib, with limits counted while inflating (threats M1, B1).
public enum Gzip {
    /// Packs `bytes`.
    public static func compress(_ bytes: [UInt8], level: Int32 = 6) throws(GzipError) -> [UInt8] {
        var stream = z_stream()
        guard muster_deflate_init_gzip(&stream, level) == Z_OK else { throw .unavailable }
        defer { deflateEnd(&stream) }
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 32)
        var input = bytes
        let status = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(clamping: source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(clamping: target.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END else { throw .unavailable }
        output.removeLast(output.count - Int(stream.total_out))
        return output
    }

    /// What is around the packed octets.
    public enum Packing: Sendable {
        /// Header and checksum of RFC 1952.
        case gzip
        /// Header and checksum of RFC 1950.
        case zlib
    }

    /// Unpacks one stream that fills `bytes` exactly.
    public static func decompress(
        _ bytes: [UInt8], packing: Packing = .gzip, limit: Int = Limits.inflatedBytes
    ) throws(GzipError) -> [UInt8] {
        var stream = z_stream()
        let isReady =
            switch packing {
            case .gzip: muster_inflate_init_gzip(&stream) == Z_OK
            case .zlib: muster_inflate_init_zlib(&stream) == Z_OK
            }
        guard isReady else { throw .unavailable }
        defer { inflateEnd(&stream) }
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        var offset = 0
        while true {
            let (status, used, made) = inflateStep(&stream, bytes[offset...], into: &chunk)
            offset += used
            output.append(contentsOf: chunk[..<made])
            guard output.count <= limit else { throw .tooLarge(limit: limit) }
            guard output.count <= 1 << 20 || output.count <= 100 * max(offset, 1) else { throw .ratio }
            switch status {
            case Z_STREAM_END:
                guard offset == bytes.count else { throw .trailing(bytes: bytes.count - offset) }
                return output
            case Z_OK where used > 0 || made > 0: continue
            case Z_OK, Z_BUF_ERROR: throw .truncated
            default: throw .damaged
            }
        }
    }
}

private func inflateStep(
    _ stream: inout z_stream, _ input: ArraySlice<UInt8>, into chunk: inout [UInt8]
) -> (status: Int32, used: Int, made: Int) {
    var source = Array(input.prefix(65_536))
    return source.withUnsafeMutableBufferPointer { source in
        chunk.withUnsafeMutableBufferPointer { target in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            stream.next_out = target.baseAddress
            stream.avail_out = UInt32(target.count)
            let status = inflate(&stream, Z_NO_FLUSH)
            return (status, source.count - Int(stream.avail_in), target.count - Int(stream.avail_out))
        }
    }
}
