import Glibc

/// The files of a spool: `epoch`, `position` and numbered segments; links are never followed (threats M26).
struct SpoolDirectory {
    /// The directory.
    let path: String

    /// A segment file as it was found.
    struct Found {
        var name: String
        var ordinal: UInt64
        /// The records; nil when the file cannot be used, and `reason` says why.
        var segment: SpoolSegment?
        var damagedAtEnd: Int
        var reason: String
    }

    private static let largestSegment = 256 << 20

    /// Makes or checks the directory and clears what interrupted writes left.
    func prepare() throws(FileError) {
        try FileGuard.directory(path)
        for name in try DurableFile.names(in: path) where name.hasSuffix(".new") {
            guard unlink(file(name)) == 0 || errno == EROFS || errno == EISDIR else {
                throw .last("remove", file(name))
            }
        }
    }

    /// The path of a file in the directory.
    func file(_ name: String) -> String { path + "/" + name }

    /// The name of the segment numbered `ordinal`.
    static func segmentName(_ ordinal: UInt64) -> String {
        let digits = String(ordinal)
        return String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits + ".seg"
    }

    /// The content of a small file; nil when it is missing.
    func small(_ name: String) throws(FileError) -> [UInt8]? {
        do { return try DurableFile.read(file(name), limit: 64 << 10) } catch {
            if case .missing = error { return nil }
            throw error
        }
    }

    /// All segment files, oldest first.
    func segments() throws(FileError) -> [Found] {
        var found: [Found] = []
        for name in try DurableFile.names(in: path) where name.hasSuffix(".seg") {
            guard let ordinal = UInt64(name.dropLast(4)) else { continue }
            found.append(look(name, ordinal: ordinal))
        }
        return found.sorted { $0.ordinal < $1.ordinal }
    }

    /// Takes a file out of the spool without destroying it: its name gets `.unreadable` behind it.
    func setAside(_ name: String) throws(FileError) {
        let aside = file(name) + ".unreadable"
        guard rename(file(name), aside) == 0 else { throw .last("rename to \(aside)", file(name)) }
    }

    private func look(_ name: String, ordinal: UInt64) -> Found {
        var found = Found(name: name, ordinal: ordinal, segment: nil, damagedAtEnd: 0, reason: "")
        do throws(FileError) {
            try FileGuard.file(file(name), secret: false)
            let bytes = try DurableFile.read(file(name), limit: SpoolDirectory.largestSegment)
            switch SpoolSegmentHeader.read(bytes) {
            case .good(let header):
                let scan = SpoolSegmentScan(bytes, epoch: header.epoch)
                found.damagedAtEnd = scan.damagedAtEnd
                found.segment = SpoolSegment(
                    place: .file(file(name)), epoch: header.epoch, bornAt: header.bornAt, entries: scan.entries,
                    bytes: bytes.count)
            case .foreign(let version): found.reason = "was written by spool version \(version)"
            case .damaged: found.reason = bytes.isEmpty ? "is empty" : "has a damaged head"
            }
        } catch {
            found.reason = error.description
        }
        return found
    }
}
