import Devices
import Logging
import Model
import SNMP
import ServiceLifecycle
import Wire

/// Makes events of traps at once, has the device looked at that sent one, and tells what was not taken.
struct TrapService: Service {
    let receiver: SNMPTrapReceiver
    let reader: TrapReader
    let links: LinkBoard
    let reporter: Reporter
    let confirmations: Confirmations
    let news: DeviceNews
    let wants: SectionWants
    let log: Logger
    /// Which devices there are; nil where that does not change.
    var settings: SettingsBoard?
    /// Which credential each of them takes; nil where each has one.
    var credentials: CredentialBoard?
    /// Time from one account of what was not taken to the next.
    var accountInterval = Duration.seconds(60)

    /// From one whole reading of a device that starts again and again to the next.
    private static let startPause = Duration.seconds(60)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            // What was not taken is told to the end, also when no trap can come any more.
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await receive() }
                group.addTask { await account() }
                if let settings { group.addTask { await follow(settings) } }
            }
        }
        receiver.close()
    }

    private func receive() async {
        var started: [String: ContinuousClock.Instant] = [:]
        for await trap in receiver.traps {
            let event = await links.heard(reader.event(trap))
            await reporter.happened([event])
            log.info("\(printed(trap.source)): \(event.kind.rawValue): \(printed(event.summary))")
            // The look comes first: what the device says now counts more than what it sent.
            news.tell(trap.source)
            confirmations.wake(DeviceLook.name(of: trap.source))
            guard event.kind == .coldStart || event.kind == .warmStart else { continue }
            let now = ContinuousClock.now
            if let last = started[trap.source], now - last < Self.startPause { continue }
            started[trap.source] = now
            // What starts anew may have another configuration, other software or other parts.
            wants.add(device: trap.source)
        }
        guard !Task.isCancelled else { return }
        log.error("traps are not received any more; restart the agent")
        await reporter.ended([
            Receipt(
                source: TrapReceipts.source, outcome: .failure, found: 0, milliseconds: 0,
                message: "the sockets for traps could not be read")
        ])
    }

    /// Takes traps of the devices that are probed, and of no others.
    private func follow(_ settings: SettingsBoard) async {
        var known: [SNMPTrapSource]?
        for await devices in settings.changes().map(\.devices) {
            let sources = devices.map { $0.trapSource((credentials?.target(of: $0) ?? $0.target).credential) }
            // The first, too: a policy may have come since the receiver was made.
            if known != sources { receiver.replace(sources: sources) }
            known = sources
        }
    }

    private func account() async {
        var receipts = TrapReceipts()
        await PeriodicLoop.run(every: accountInterval) {
            await reporter.ended(
                receipts.made(of: receiver.takeCounts(), milliseconds: accountInterval.inMilliseconds))
        }
    }
}
