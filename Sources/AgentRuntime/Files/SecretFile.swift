import LinuxSystem

/// A secret in a file that only its owner can read: one line of text.
public enum SecretFile {
    /// The text of the secret that a setting names: an absolute path or a credential of this service (``SecretPlace``).
    /// - Throws: ``FileError``.
    static func read(setting: String) throws(FileError) -> String {
        let place: SecretPlace
        do throws(SecretPlaceError) { place = try SecretPlace(setting) } catch {
            throw .damaged(path: printed(setting), reason: error.description)
        }
        try FileGuard.file(place.path, forbiddenBits: place.forbiddenBits)
        return try text(of: try DurableFile.read(place.path, limit: 64 << 10), path: place.path)
    }

    /// The text in the file without white space at its ends.
    /// - Throws: ``FileError`` when the file is missing, empty, not text, or when others can read or write it.
    public static func read(_ path: String) throws(FileError) -> String {
        try FileGuard.file(path, secret: true)
        return try text(of: try DurableFile.read(path, limit: 64 << 10), path: path)
    }

    /// The text in `bytes` without white space at its ends; `path` is only used in messages.
    static func text(of bytes: [UInt8], path: String) throws(FileError) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0d).contains($0) }
        guard let first = bytes.firstIndex(where: { !isSpace($0) }),
            let last = bytes.lastIndex(where: { !isSpace($0) })
        else { throw .empty(path: path) }
        guard let text = String(validating: bytes[first...last], as: UTF8.self), !text.utf8.contains(0) else {
            throw .damaged(path: path, reason: "is not UTF-8 text")
        }
        return text
    }
}
