import FoundationEssentials
import Model

/// Why the octets of a policy were refused: one line.
public struct PolicyRefusal: Error, Hashable, CustomStringConvertible {
    /// What is wrong, and what is accepted.
    public let description: String

    /// A refusal.
    public init(_ description: String) { self.description = description }
}

extension AgentPolicy {
    /// The octets that agents are sent: JSON with sorted names, the same for the same policy.
    public func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    /// The name of one content, for `ETag` and `If-None-Match`: the first half of its SHA-256.
    ///
    /// Both sides compute it of the octets, so nobody has to be believed what it is.
    public static func tag(of bytes: [UInt8]) -> String { hexadecimal(SHA256Digest(of: bytes).octets.prefix(16)) }

    /// Reads octets that came from the collector or were kept; they are hostile until they are read.
    public init(decoding bytes: [UInt8]) throws(PolicyRefusal) {
        guard bytes.count <= AgentPolicy.bytes else {
            throw PolicyRefusal("\(bytes.count) bytes; a policy has at most \(AgentPolicy.bytes)")
        }
        do throws(JSONGuardError) { try JSONGuard.check(bytes) } catch { throw PolicyRefusal(error.description) }
        do { self = try JSONDecoder().decode(AgentPolicy.self, from: Data(bytes)) } catch {
            throw PolicyRefusal("it has not the shape of a policy: \(AgentPolicy.place(of: error))")
        }
        try check()
    }

    /// Refuses what is more than an agent takes, names that are none, and a name that is there twice.
    private func check() throws(PolicyRefusal) {
        try AgentPolicy.check(checks, "checks", limit: AgentPolicy.checkLimit)
        try AgentPolicy.check(devices, "devices", limit: AgentPolicy.deviceLimit)
        try AgentPolicy.check([discovery].compactMap { $0 }, "discoveries", limit: 1)
        guard groups.count <= 100, inventory.sources.count <= 200, metrics.sources.count <= 200 else {
            throw PolicyRefusal("more than 100 groups or 200 sources of one catalogue")
        }
        guard let upgrade else { return }
        guard PolicyUpgrade.isVersion(upgrade.version) else {
            throw PolicyRefusal("its version is not one of a package: digits, letters and .+-~: only, a digit first")
        }
    }

    private static func check(_ items: [PolicyItem], _ what: String, limit: Int) throws(PolicyRefusal) {
        guard items.count <= limit else { throw PolicyRefusal("\(items.count) \(what); at most \(limit)") }
        var seen: Set<[UInt8]> = []
        for item in items {
            guard (1...128).contains(item.name.utf8.count) else {
                throw PolicyRefusal("a name among its \(what) has not 1 to 128 bytes")
            }
            guard seen.insert(Array(item.name.utf8)).inserted else {
                throw PolicyRefusal("two of its \(what) have one name")
            }
        }
    }

    /// Where a decoder stopped, in words of ours: names of the policy's own members only.
    private static func place(of error: any Error) -> String {
        guard let error = error as? DecodingError else { return "unreadable" }
        switch error {
        case .keyNotFound(let key, _): return "no \(key.stringValue)"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            let path = context.codingPath.prefix(2).filter { $0.intValue == nil }.map(\.stringValue)
            return path.isEmpty ? "no table" : "wrong at \(path.joined(separator: "."))"
        @unknown default: return "unreadable"
        }
    }
}
