import Model
import TOML

/// Where a hypervisor keeps its virtual machines: data in a profile (`[[guests]]`). Every column is by the same index.
public struct GuestTable: Hashable, Sendable {
    /// Who manages them, as the inventory of hosts calls such a manager: `vmware`.
    public var manager: String
    /// The column of the names.
    public var name: OID
    /// The column of the UUIDs, as text or in sixteen octets.
    public var uuid: OID?
    /// The column of the states.
    public var state: OID?
    /// What numbers or texts there mean.
    public var states: [String: String]
    /// The column of the operating systems.
    public var os: OID?
    /// The column of the memory.
    public var memory: OID?
    /// How many bytes that counts in.
    public var memoryScale: Int64
    /// The column of the virtual processors.
    public var threads: OID?

    /// What a state can be.
    public static let stateWords = ["running", "off", "paused", "unknown"]

    init(_ table: TOMLTable) throws(TOMLError) {
        func oid(_ key: String) throws(TOMLError) -> OID? {
            guard let text = try table.string(key, maxBytes: 1024) else { return nil }
            guard let oid = OID(text) else {
                throw table.refusal(key, found: text, accepted: "an object identifier like 1.3.6.1.4.1.9.1")
            }
            return oid
        }
        manager = try table.requiredString("manager", maxBytes: 32)
        guard let name = try oid("name") else { throw table.missing("name") }
        self.name = name
        uuid = try oid("uuid")
        state = try oid("state")
        os = try oid("os")
        memory = try oid("memory")
        memoryScale = Int64(try table.int("memory_scale", in: 1...1 << 40) ?? 1)
        threads = try oid("threads")
        states = [:]
        for text in try table.strings("states", maxBytes: 64) ?? [] {
            let words = text.split(separator: " ")
            guard words.count > 1, let word = words.last, Self.stateWords.contains(String(word)) else {
                throw table.refusal(
                    "states", found: text,
                    accepted: "a number, text or * and one of " + Self.stateWords.joined(separator: ", "))
            }
            states[words.dropLast().joined(separator: " ").lowercased()] = String(word)
        }
        if state != nil, states.isEmpty { throw table.missing("states") }
        try table.finish()
    }

    /// What to walk.
    var columns: [OID] { [name, uuid, state, os, memory, threads].compactMap { $0 } }
}
