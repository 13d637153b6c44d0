import Synchronization
import Testing
import Wire

@testable import HTTPAPI

@Suite("How much of what agents send is let in at once")
struct IngestGateTests {
    /// Work that goes on until it is told to end.
    private final class Slow: Sendable {
        struct State {
            var running: [CheckedContinuation<Void, Never>] = []
            var order: [Int] = []
            var most = 0
        }
        let state = Mutex(State())

        func work(_ number: Int) async -> Int {
            await withCheckedContinuation { continuation in
                state.withLock { state in
                    state.running.append(continuation)
                    state.order.append(number)
                    state.most = max(state.most, state.running.count)
                }
            }
            return number
        }

        var running: Int { state.withLock { $0.running.count } }
        var begun: Int { state.withLock { $0.order.count } }
        func finishOne() {
            state.withLock { $0.running.isEmpty ? nil : $0.running.removeFirst() }?.resume()
        }
    }

    private func until(_ holds: () -> Bool) async { while !holds() { await Task.yield() } }

    @Test("no more than so many run, the rest comes in its order, and all are answered")
    func order() async throws {
        let slow = Slow()
        let gate = IngestGate(atOnce: 3)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<20 {
                group.addTask { try await gate.pass { await slow.work(number) } }
                // Each is in, or waits, before the next one comes.
                await until { slow.running + gate.waiting == number + 1 }
            }
            for finished in 1...20 {
                slow.finishOne()
                // Two that are let in one after the other may begin in any order: the next one ends when this one's place is taken.
                await until { slow.begun == min(20, 3 + finished) }
            }
            var sum = 0
            for try await number in group { sum += number }
            #expect(sum == 190)
        }
        #expect(slow.state.withLock { $0.most } == 3)
        #expect(slow.state.withLock { $0.order } == Array(0..<20))
    }

    @Test("beyond what may wait, and after the time an agent waits, work is refused with 503; the next one runs")
    func refused() async throws {
        let slow = Slow()
        let gate = IngestGate(atOnce: 1, most: 2, patience: .zero)
        let first = Task { try await gate.pass { await slow.work(1) } }
        await until { slow.running == 1 }
        let late = (2...3).map { number in Task { try await gate.pass { await slow.work(number) } } }
        await until { gate.waiting == 2 }
        let problem = await #expect(throws: ProblemDetails.self) { try await gate.pass { await slow.work(4) } }
        #expect(problem?.status == 503)
        slow.finishOne()
        #expect(try await first.value == 1)
        for task in late { await #expect(throws: ProblemDetails.self) { try await task.value } }
        let next = Task { try await gate.pass { await slow.work(5) } }
        await until { slow.running == 1 }
        slow.finishOne()
        #expect(try await next.value == 5)
        #expect(slow.state.withLock { $0.order } == [1, 5])
    }
}
