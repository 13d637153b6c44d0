import Crypto
import CryptoExtras
import FoundationEssentials
import Wire

/// A password as it is kept: scrypt (RFC 7914) with its own salt and costs, as `scrypt$N$r$p$SALT$KEY` in hexadecimal.
public struct PasswordHash: Hashable, Sendable {
    /// The text form.
    public let text: String

    /// CPU and memory cost N for new hashes: with r = 8 one hash takes 32 MiB for some tenths of a second.
    static let cost = 32_768
    private static let blockSize = 8
    private static let keyBytes = 32

    /// The hash of a new password. It blocks: call it on a thread of its own.
    public static func make(of password: String) throws(FleetCAError) -> PasswordHash {
        guard let salt = randomOctets(16) else { throw .crypto("no random numbers") }
        guard let key = derive(password, salt: salt, cost: cost, blockSize: blockSize, parallelism: 1) else {
            throw .crypto("the password could not be hashed")
        }
        return PasswordHash(
            text: "scrypt$\(cost)$\(blockSize)$1$\(hexadecimal(salt))$\(hexadecimal(key))")
    }

    /// A hash that was kept; nothing is checked before ``matches(_:)``.
    public init(text: String) { self.text = text }

    /// Whether `password` is the one. It blocks as long as making one did.
    public func matches(_ password: String) -> Bool {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "scrypt", let cost = Int(parts[1]), (2...(1 << 20)).contains(cost),
            let blockSize = Int(parts[2]), (1...32).contains(blockSize), let parallelism = Int(parts[3]),
            (1...16).contains(parallelism), let salt = decodeHexadecimal(parts[4]),
            let kept = decodeHexadecimal(parts[5]),
            let key = Self.derive(
                password, salt: salt, cost: cost, blockSize: blockSize, parallelism: parallelism)
        else { return false }
        return Self.isSame(kept, key)
    }

    private static func derive(
        _ password: String, salt: [UInt8], cost: Int, blockSize: Int, parallelism: Int
    ) -> [UInt8]? {
        let key = try? KDF.Scrypt.deriveKey(
            from: Array(password.utf8), salt: salt, outputByteCount: keyBytes, rounds: cost, blockSize: blockSize,
            parallelism: parallelism, maxMemory: 256 << 20)
        return key.map { $0.withUnsafeBytes { Array($0) } }
    }

    /// Compares in a time that does not tell where the first difference is.
    private static func isSame(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
