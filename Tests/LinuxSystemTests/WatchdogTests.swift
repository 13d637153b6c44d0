import Glibc
import Synchronization
import Testing

@testable import LinuxSystem

@Suite("Watchdog") struct WatchdogTests {
    private final class World: Sendable {
        let now = Mutex(SuspendingClock().now)
        let sent = Mutex<[String]>([])
        let said = Mutex<[String]>([])

        func pass(_ span: Duration) { now.withLock { $0 += span } }
        var count: Int { sent.withLock { $0.count } }
    }

    private let world = World()

    private func board() -> ProgressBoard {
        let world = world
        return ProgressBoard { world.now.withLock { $0 } }
    }

    private func watchdog(_ board: ProgressBoard) -> Watchdog {
        let world = world
        return Watchdog(
            board: board, interval: .seconds(180), notify: { text in world.sent.withLock { $0.append(text) } },
            complain: { text in world.said.withLock { $0.append(text) } })
    }

    @Test("a loop that is stuck keeps the sign of life back until it goes on, and is named once")
    func stuck() {
        let board = board()
        let heartbeat = board.pulse("heartbeat")
        let uplink = board.pulse("uplink")
        let watchdog = watchdog(board)
        var told: [String] = []
        heartbeat.expect(within: .seconds(60))
        uplink.expect(within: .seconds(300))
        watchdog.look(&told)
        #expect(world.sent.withLock { $0 } == ["WATCHDOG=1"])
        world.pass(.seconds(61))
        watchdog.look(&told)
        watchdog.look(&told)
        #expect(world.count == 1)
        #expect(world.said.withLock { $0.count } == 1)
        #expect(world.said.withLock { $0.first?.contains("heartbeat") } == true)
        heartbeat.expect(within: .seconds(60))
        watchdog.look(&told)
        #expect(world.count == 2)
    }

    @Test("a loop that waits for an event is never late")
    func resting() {
        let board = board()
        let feed = board.pulse("feed")
        feed.expect(within: .seconds(5))
        feed.rest()
        world.pass(.seconds(86_400))
        #expect(board.stuck.isEmpty)
    }

    @Test("the interval is the service manager's, for this process only")
    func interval() {
        #expect(ServiceManager.interval(microseconds: "180000000", process: nil) == .seconds(180))
        #expect(ServiceManager.interval(microseconds: "1", process: String(getpid())) == .microseconds(1))
        #expect(ServiceManager.interval(microseconds: "1", process: "1") == nil)
        for wrong in ["0", "-5", "", "x", "99999999999999999999"] {
            #expect(ServiceManager.interval(microseconds: wrong, process: nil) == nil)
        }
        #expect(ServiceManager.interval(microseconds: nil, process: nil) == nil)
    }
}
