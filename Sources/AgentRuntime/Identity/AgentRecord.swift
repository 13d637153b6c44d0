import FoundationEssentials
import Model
import Wire

/// The file `agent.json`: who the agent is, where its collector is, how often it started.
public struct AgentRecord: Hashable, Sendable, Codable {
    /// `agent-` and 32 hexadecimal digits, from the certificate.
    public var agentID: String
    /// The collector's host name or address.
    public var host: String
    /// The collector's agents' port.
    public var port: Int
    /// Counted up by each start; clone detection on the other side.
    public var generation: UInt64
    /// When the certificate is to be renewed.
    public var renewAfter: Timestamp

    /// Reads the file; never invents one.
    static func load(_ path: String) throws(FileError) -> AgentRecord {
        try FileGuard.file(path, secret: false)
        let bytes = try DurableFile.read(path, limit: 64 << 10)
        guard !bytes.isEmpty else { throw .empty(path: path) }
        do {
            try JSONGuard.check(bytes)
            return try JSONDecoder().decode(AgentRecord.self, from: Data(bytes))
        } catch {
            throw .damaged(path: path, reason: "is damaged; restore it from a backup, or run seal and enrol again")
        }
    }

    /// Writes the file.
    func save(_ path: String) throws(FileError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(self) else { throw .damaged(path: path, reason: "cannot be encoded") }
        try DurableFile.replace(path, with: Array(bytes) + [0x0a])
    }
}
