import TOML

/// When one source or metric is read.
public struct SourceSchedule: Hashable, Sendable {
    /// Its name in the catalogue.
    public var name: String
    /// Time from one reading to the next.
    public var interval: Duration
    /// False when it is not read at all.
    public var isEnabled: Bool

    static let intervals = Duration.seconds(1) ... .seconds(7 * 86_400)

    /// Reads the tables below `key` (`[inventory.source.NAME]`); a name that no source has is refused.
    static func list(
        _ table: TOMLTable, _ key: String, names: [String], standard: (String) -> Duration
    ) throws(TOMLError) -> [SourceSchedule] {
        let settings = try table.table(key)
        var schedules: [SourceSchedule] = []
        for name in names {
            let own = try settings?.table(name)
            schedules.append(
                SourceSchedule(
                    name: name, interval: try own?.duration("interval", in: intervals) ?? standard(name),
                    isEnabled: try own?.bool("enabled") ?? true))
        }
        return schedules
    }
}
