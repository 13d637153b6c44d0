import Glibc
import LinuxSystem
import TOML

/// Secrets of channels: each in a file of its own that only its owner can read, or a credential of the service.
enum SecretFile {
    /// The first line of the file named under `key`, at most 4096 bytes; nil where the key is absent.
    static func read(_ key: String, of table: TOMLTable) throws(TOMLError) -> String? {
        guard let setting = try table.string(key) else { return nil }
        let place: SecretPlace
        do throws(SecretPlaceError) { place = try SecretPlace(setting) } catch {
            throw table.refusal(key, found: "\"\(setting)\": \(error)", accepted: "a path or a credential")
        }
        let descriptor = open(place.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard descriptor >= 0 else {
            throw table.refusal(key, found: "unreadable: " + String(cString: strerror(errno)), accepted: "a file")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_mode & place.forbiddenBits == 0
        else {
            throw table.refusal(key, found: "open to others", accepted: "a regular file of mode 0600")
        }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        let line = bytes.prefix(max(count, 0)).prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard !line.isEmpty, let text = String(validating: line, as: UTF8.self) else {
            throw table.refusal(key, found: "empty or not text", accepted: "a file with the secret in its first line")
        }
        return text
    }
}
