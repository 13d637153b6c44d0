import CollectorServices
import FoundationEssentials
import Logging
import Model
import ServiceLifecycle

/// Settings of scheduled backups.
public struct BackupSettings: Hashable, Sendable {
    /// Whether any are made by schedule.
    public var isEnabled: Bool
    /// Where they go.
    public var directory: String
    /// From one to the next.
    public var interval: Duration
    /// How many are kept.
    public var keep: Int
}

/// Makes a backup each interval and removes the oldest beyond those to keep.
///
/// Backups are counted, not dated: a clock that jumps makes one more at most, and removes one for it (threats M27).
struct BackupSchedule: Service {
    let settings: BackupSettings
    let backups: BackupService
    let clock: AlarmClock
    let wallTime: @Sendable () -> Timestamp
    let logger: Logger

    /// After a failure it is tried again so soon, or after the interval where that is shorter.
    private static let retry = Duration.seconds(3600)

    func run() async throws {
        guard settings.isEnabled else { return await untilShutdown() }
        await cancelWhenGracefulShutdown {
            await pause(firstWait(in: settings.directory))
            while !Task.isCancelled {
                let made = await make(in: settings.directory)
                await pause(made ? settings.interval : min(settings.interval, Self.retry))
            }
        }
    }

    /// Makes one backup and removes the oldest; false when it failed.
    func make(in directory: String) async -> Bool {
        let target = "\(directory)/\(Self.name(at: wallTime()))"
        do {
            try StateDirectory.make(directory)
            try await backups.make(now: target, by: "schedule")
            try removeOldest(in: directory)
            return true
        } catch {
            logger.error(
                "the scheduled backup failed; see [backup] in collector.toml", metadata: ["error": "\(error)"])
            return false
        }
    }

    /// `muster-20261126T193000Z`
    static func name(at moment: Timestamp) -> String {
        let text = moment.rfc3339
        return "muster-" + text.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
    }

    /// Names of scheduled backups in `directory`, oldest first; nothing else there is ever touched.
    static func names(in directory: String) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return all.filter { isName($0) && BackupFiles.exists("\(directory)/\($0)/\(BackupManifest.name)") }.sorted()
    }

    private static func isName(_ name: String) -> Bool {
        guard name.utf8.count == 23, name.utf8.starts(with: "muster-".utf8), name.utf8.last == 90 else { return false }
        return name.utf8.dropFirst(7).dropLast().enumerated().allSatisfy { offset, octet in
            offset == 8 ? octet == UInt8(ascii: "T") : (48...57).contains(octet)
        }
    }

    private func removeOldest(in directory: String) throws {
        for name in Self.names(in: directory).dropLast(settings.keep) {
            try BackupFiles.remove("\(directory)/\(name)")
            logger.info("old backup removed", metadata: ["backup": "\(directory)/\(name)"])
        }
        // What a collector that was killed left of a scheduled backup.
        let all = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        for name in all where name.hasPrefix(".muster-") && name.contains(BackupWriter.partialMark) {
            try BackupFiles.remove("\(directory)/\(name)")
        }
    }

    /// What is left of the interval since the newest backup; a minute after the start when it is over.
    private func firstWait(in directory: String) -> Duration {
        let soon = min(Duration.seconds(60), settings.interval)
        guard let newest = Self.names(in: directory).last, let made = Self.moment(of: newest) else { return soon }
        let age = Duration.milliseconds(wallTime().milliseconds(since: made))
        guard age >= .zero else { return settings.interval }
        return age >= settings.interval ? soon : settings.interval - age
    }

    private static func moment(of name: String) -> Timestamp? {
        let digits = Array(name.utf8.dropFirst(7))
        guard digits.count == 16 else { return nil }
        func part(_ range: Range<Int>) -> String { String(decoding: digits[range], as: UTF8.self) }
        return Timestamp(
            rfc3339: "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z")
    }

    private func pause(_ duration: Duration) async { try? await clock.sleep(duration) }

    private func untilShutdown() async {
        await cancelWhenGracefulShutdown { while !Task.isCancelled { await pause(.seconds(3600)) } }
    }
}
