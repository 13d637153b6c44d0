import Synchronization
import Testing

@testable import AgentRuntime

@Suite("Work on a list that changes")
struct KeyedWorkTests {
    private final class Log: Sendable {
        private let lines = Mutex<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
        func wait(for line: String) async throws {
            for _ in 0..<500 where !all.contains(line) { try await Task.sleep(for: .milliseconds(10)) }
            #expect(all.contains(line), "\(line) not in \(all)")
        }
    }

    @Test("What is new begins, what left is ended, what stayed goes on, and all of it ends with the task")
    func changes() async throws {
        let log = Log()
        let (lists, feed) = AsyncStream<[String]>.makeStream()
        let work = Task {
            await KeyedWork.run(
                lists, mark: { $0 },
                ended: { gone, stay in log.add("ended \(gone.sorted()) of \(stay)") }
            ) { item in
                log.add("begin \(item)")
                try? await Task.sleep(for: .seconds(3600))
                log.add("end \(item)")
            }
        }
        feed.yield(["a", "b"])
        try await log.wait(for: "begin a")
        try await log.wait(for: "begin b")
        feed.yield(["b", "c"])
        try await log.wait(for: "end a")
        try await log.wait(for: "begin c")
        #expect(log.all.contains("ended [\"a\"] of [\"b\", \"c\"]"))
        // Nothing begins before what left has ended.
        let order = ["end a", "ended [\"a\"] of [\"b\", \"c\"]", "begin c"].map { log.all.firstIndex(of: $0) ?? -1 }
        #expect(order == order.sorted() && !order.contains(-1))
        #expect(log.all.filter { $0 == "begin b" }.count == 1 && !log.all.contains("end b"))
        work.cancel()
        await work.value
        #expect(log.all.contains("end b") && log.all.contains("end c"))
    }

    @Test("A board tells what stands there and then what changes; of several changes a slow listener hears the newest")
    func board() async throws {
        let board = SettingsBoard(RunningSettings(AgentConfiguration()))
        var settings = board.current
        var changes = board.changes().makeAsyncIterator()
        #expect(await changes.next()?.upgrade == nil)
        for number in 1...3 {
            settings.upgrade = .init(ring: "a", version: "\(number)")
            board.put(settings)
        }
        #expect(await changes.next()?.upgrade?.version == "3")
        #expect(board.current.upgrade?.version == "3")
    }

    @Test("Sources that come are due at once, those that left are not, a shorter interval counts from now")
    func due() {
        let now = ContinuousClock.now
        func schedule(_ name: String, _ seconds: Int) -> SourceSchedule {
            SourceSchedule(name: name, interval: .seconds(seconds), isEnabled: true)
        }
        var due = DueTimes()
        due.fit([schedule("a", 3600), schedule("b", 60)], at: now)
        #expect(due.isDue("a", at: now) && due.next == now)
        due.set("a", to: now + .seconds(3700))
        due.set("b", to: now + .seconds(60))
        due.fit([schedule("a", 10), schedule("c", 60)], at: now)
        #expect(!due.isDue("a", at: now + .seconds(9)) && due.isDue("a", at: now + .seconds(10)))
        #expect(due.isDue("c", at: now))
        due.set("c", to: now + .seconds(60))
        #expect(due.next == now + .seconds(10))
        due.fit([], at: now)
        #expect(due.next == nil)
    }
}
