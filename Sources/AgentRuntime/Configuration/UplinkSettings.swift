import TOML

/// `[uplink]`: how often the agent speaks, and how much it keeps while it cannot.
public struct UplinkSettings: Hashable, Sendable {
    /// Time between two heartbeats; after three missed ones the collector calls the agent silent.
    public var heartbeat = Duration.seconds(60)
    /// Octets the spool may take on disk.
    public var spoolBytes = 64 << 20
    /// How long a report may wait, in time the agent runs.
    public var spoolAge = Duration.seconds(14 * 86_400)
    /// Time between two readings of the same check result to the collector when it does not change.
    public var checkInterval = Duration.seconds(60)

    /// All defaults.
    public init() {}

    /// Reads the table.
    init(_ table: TOMLTable) throws(TOMLError) {
        heartbeat = try table.duration("heartbeat", in: .seconds(1) ... .seconds(3600)) ?? heartbeat
        spoolBytes = try table.int("spool_bytes", in: 1 << 20...64 << 30) ?? spoolBytes
        spoolAge = try table.duration("spool_age", in: .seconds(3600) ... .seconds(366 * 86_400)) ?? spoolAge
        checkInterval = try table.duration("check_interval", in: .seconds(1) ... .seconds(86_400)) ?? checkInterval
    }

    /// The spool's bounds.
    var bounds: SpoolBounds { SpoolBounds(bytes: spoolBytes, age: UInt64(clamping: spoolAge.components.seconds)) }
}
