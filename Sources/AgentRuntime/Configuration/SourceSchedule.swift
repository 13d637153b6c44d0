import TOML

/// When one source or metric is read.
public struct SourceSchedule: Hashable, Sendable {
    /// Its name in the catalogue.
    public var name: String
    /// Time from one reading to the next.
    public var interval: Duration
    /// False when it is not read at all.
    public var isEnabled: Bool
    /// Whether the host's own configuration says the interval, so that no policy changes it.
    var hasOwnInterval = false
    /// Whether the host's own configuration says that it is read or not.
    var hasOwnSwitch = false

    /// A schedule that the host's own configuration says nothing about.
    init(
        name: String, interval: Duration, isEnabled: Bool, hasOwnInterval: Bool = false, hasOwnSwitch: Bool = false
    ) {
        self.name = name
        self.interval = interval
        self.isEnabled = isEnabled
        self.hasOwnInterval = hasOwnInterval
        self.hasOwnSwitch = hasOwnSwitch
    }

    /// This one, never read because the host's own configuration says so.
    var switchedOff: SourceSchedule {
        SourceSchedule(
            name: name, interval: interval, isEnabled: false, hasOwnInterval: hasOwnInterval, hasOwnSwitch: true)
    }

    static let intervals = Duration.seconds(1) ... .seconds(7 * 86_400)

    /// Reads the tables below `key` (`[inventory.source.NAME]`); a name that no source has is refused. `hasOwnBase` where the table
    /// says an interval of all.
    static func list(
        _ table: TOMLTable, _ key: String, names: [String], hasOwnBase: Bool, standard: (String) -> Duration
    ) throws(TOMLError) -> [SourceSchedule] {
        let settings = try table.table(key)
        var schedules: [SourceSchedule] = []
        for name in names {
            let own = try settings?.table(name)
            let interval = try own?.duration("interval", in: intervals)
            let isEnabled = try own?.bool("enabled")
            schedules.append(
                SourceSchedule(
                    name: name, interval: interval ?? standard(name), isEnabled: isEnabled ?? true,
                    hasOwnInterval: interval != nil || hasOwnBase, hasOwnSwitch: isEnabled != nil))
        }
        return schedules
    }
}
