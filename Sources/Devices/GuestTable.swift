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
    public var states: StateWords
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
        manager = try table.requiredString("manager", maxBytes: 32)
        guard let name = try table.oid("name") else { throw table.missing("name") }
        self.name = name
        uuid = try table.oid("uuid")
        state = try table.oid("state")
        os = try table.oid("os")
        memory = try table.oid("memory")
        memoryScale = Int64(try table.int("memory_scale", in: 1...1 << 40) ?? 1)
        threads = try table.oid("threads")
        states = try StateWords(table, among: Self.stateWords)
        if state != nil, states.isEmpty { throw table.missing("states") }
        try table.finish()
    }

    /// What to walk.
    var columns: [OID] { [name, uuid, state, os, memory, threads].compactMap { $0 } }
}
