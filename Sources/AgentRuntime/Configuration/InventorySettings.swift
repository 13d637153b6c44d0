import Inventory
import TOML

/// `[inventory]`: what is read of this host, and how often.
public struct InventorySettings: Hashable, Sendable {
    /// Each source with its interval.
    public var sources: [SourceSchedule]
    /// How often a section that does not change is mentioned all the same.
    public var freshness = Duration.seconds(3600)
    /// Whether what the kernel tells of a change has the sources read that are about it.
    public var watch = true
    /// lldpd's control socket; nil for its usual place.
    public var lldpdSocket: String?

    /// All defaults.
    public init() {
        sources = InventoryCatalogue.names.map {
            SourceSchedule(name: $0, interval: InventorySettings.interval(of: $0, base: nil), isEnabled: true)
        }
    }

    /// Reads the table.
    init(_ table: TOMLTable) throws(TOMLError) {
        let base = try table.duration("interval", in: SourceSchedule.intervals)
        sources = try SourceSchedule.list(table, "source", names: InventoryCatalogue.names, hasOwnBase: base != nil) {
            InventorySettings.interval(of: $0, base: base)
        }
        freshness = try table.duration("freshness", in: .seconds(10) ... .seconds(86_400)) ?? freshness
        watch = try table.bool("watch") ?? watch
        lldpdSocket = try table.string("lldpd_socket")
        if try table.bool("enabled") == false {
            sources = sources.map(\.switchedOff)
            watch = false
        }
    }

    /// What changes by the hour is read every few minutes at least; the rest when `[inventory] interval` says.
    static func interval(of source: String, base: Duration?) -> Duration {
        switch source {
        case "services", "connections": min(base ?? .seconds(300), .seconds(300))
        case "packages", "units", "filesystems", "interfaces", "neighbours", "raids", "swaps", "network", "routes",
            "logins", "usb":
            base ?? .seconds(300)
        default: base ?? .seconds(3600)
        }
    }
}
