import Devices
import Logging
import Model
import SNMP
import ServiceLifecycle

/// Looks through the networks once in every interval, also over restarts, and tells the collector what is there; which networks they are
/// may change.
struct DiscoveryService: Service {
    let settings: SettingsBoard
    let board: CredentialBoard
    let client: SNMPClient
    let profiles: DeviceProfiles
    let reporter: Reporter
    /// Where it stands when each network was looked through.
    let path: String
    let log: Logger

    /// How long what is new waits, so that several changes in a row are one round.
    private static let settling = Duration.seconds(5)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            let wanted = settings.changes().map { settings in [settings.discovery].compactMap { $0 } }
            await KeyedWork.run(wanted, mark: { $0 }, work: { await look($0) })
        }
    }

    private func look(_ wanted: RunningDiscovery) async {
        var schedule = DiscoverySchedule(path: path, settings: wanted.settings)
        let running = settings
        let lateness = Double.random(in: 1...1.05)
        while !Task.isCancelled {
            let pause = schedule.pause(at: Timestamp.now)
            try? await Task.sleep(for: max(pause * lateness, min(Self.settling, wanted.settings.interval)))
            guard !Task.isCancelled else { return }
            let due = schedule.due(at: Timestamp.now)
            guard !due.isEmpty else { continue }
            let round = DiscoveryRound(
                settings: wanted.settings, due: due.compactMap(\.network), credentials: wanted.credentials,
                board: board, client: client, profiles: profiles, seeds: { running.current.devices })
            let outcome = await round.run()
            guard !Task.isCancelled else { return }
            log.info("discovery: \(outcome.findings.count) found; \(printed(outcome.receipt.message))")
            await reporter.discovered(outcome.findings)
            await reporter.ended([outcome.receipt])
            schedule.ended(due, at: Timestamp.now, log)
        }
    }
}
