import Testing

@testable import AgentRuntime

@Suite("WakeSignal")
struct WakeSignalTests {
    @Test("Raised before the wait, it does not wait; raised often, it wakes once")
    func before() async {
        let signal = WakeSignal()
        for _ in 0..<3 { signal.raise() }
        let start = ContinuousClock.now
        await signal.wait(atMost: .seconds(10))
        #expect(ContinuousClock.now - start < .seconds(5))
        let second = ContinuousClock.now
        await signal.wait(atMost: .milliseconds(50))
        #expect(ContinuousClock.now - second >= .milliseconds(50))
    }

    @Test("Raised during the wait, it wakes; a cancelled wait ends")
    func during() async {
        let signal = WakeSignal()
        let start = ContinuousClock.now
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await signal.wait(atMost: .seconds(10)) }
            group.addTask {
                try? await Task.sleep(for: .milliseconds(20))
                signal.raise()
            }
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await signal.wait(atMost: .seconds(10)) }
            try? await Task.sleep(for: .milliseconds(20))
            group.cancelAll()
        }
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
