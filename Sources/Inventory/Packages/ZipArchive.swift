import CZlib
import LinuxSystem

/// A ZIP file (APPNOTE.TXT 6.3) of which single small files are taken out.
struct ZipArchive {
    private let file: RandomAccessFile
    private let directory: [UInt8]
    private let count: Int

    /// Most that is read of the directory, and of one file.
    private static let directoryBytes = 8 << 20
    private static let fileBytes = 256 << 10

    /// Nil when it is no archive, or one with a directory too large to read.
    init?(_ path: String, _ root: SystemRoot) {
        guard let file = try? RandomAccessFile(path, root), file.size >= 22 else { return nil }
        // The end record stands before a comment of at most 65535 bytes.
        let tailSize = min(file.size, 65_557)
        guard let tail = try? file.bytes(at: file.size - tailSize, count: tailSize),
            let end = stride(from: tail.count - 22, through: 0, by: -1).first(where: { place in
                tail[place] == 0x50 && tail.littleEndian(at: place, count: 4) == 0x0605_4b50
            }), let count = tail.littleEndian(at: end + 10, count: 2),
            let size = tail.littleEndian(at: end + 12, count: 4),
            let offset = tail.littleEndian(at: end + 16, count: 4),
            size <= ZipArchive.directoryBytes, let directory = try? file.bytes(at: Int(offset), count: Int(size)),
            directory.count == Int(size)
        else { return nil }
        self.file = file
        self.directory = directory
        self.count = Int(count)
    }

    /// The content of the first file whose name is right; nil without one, or when it is too large or broken.
    func first(where isWanted: (String) -> Bool) -> [UInt8]? {
        var place = 0
        for _ in 0..<count {
            guard directory.littleEndian(at: place, count: 4) == 0x0201_4b50,
                let nameLength = directory.littleEndian(at: place + 28, count: 2),
                let extraLength = directory.littleEndian(at: place + 30, count: 2),
                let commentLength = directory.littleEndian(at: place + 32, count: 2),
                place + 46 + Int(nameLength) <= directory.count
            else { return nil }
            let name = directory[(place + 46)..<(place + 46 + Int(nameLength))]
            // Only what stands below META-INF is ever wanted: nothing else becomes a string.
            if name.starts(with: Array("META-INF/".utf8)), isWanted(String(decoding: name, as: UTF8.self)) {
                return content(place)
            }
            place += 46 + Int(nameLength + extraLength + commentLength)
        }
        return nil
    }

    private func content(_ entry: Int) -> [UInt8]? {
        guard let method = directory.littleEndian(at: entry + 10, count: 2),
            let packed = directory.littleEndian(at: entry + 20, count: 4),
            let size = directory.littleEndian(at: entry + 24, count: 4),
            let offset = directory.littleEndian(at: entry + 42, count: 4), packed <= ZipArchive.fileBytes,
            size <= ZipArchive.fileBytes, size > 0, let head = try? file.bytes(at: Int(offset), count: 30),
            let nameLength = head.littleEndian(at: 26, count: 2), let extraLength = head.littleEndian(at: 28, count: 2),
            let bytes = try? file.bytes(at: Int(offset) + 30 + Int(nameLength + extraLength), count: Int(packed)),
            bytes.count == Int(packed)
        else { return nil }
        switch method {
        case 0: return bytes
        case 8: return inflated(bytes, size: Int(size))
        default: return nil
        }
    }

    /// The raw deflate stream's content, exactly `size` bytes.
    private func inflated(_ packed: [UInt8], size: Int) -> [UInt8]? {
        var stream = z_stream()
        guard muster_inflate_init_raw(&stream) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var input = packed
        var output = [UInt8](repeating: 0, count: size)
        let status = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                return inflate(&stream, Z_FINISH)
            }
        }
        return status == Z_STREAM_END && stream.avail_out == 0 ? output : nil
    }
}
