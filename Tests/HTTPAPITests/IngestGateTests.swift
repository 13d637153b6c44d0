import HTTPAPI
import Synchronization
import Testing
import Wire

@Suite("How many batches are let in at once")
struct IngestGateTests {
    /// Holds every batch until it is told to go on.
    private final class Slow: BatchAccepting {
        struct State {
            var running: [(agent: String, continuation: CheckedContinuation<Void, Never>)] = []
            var order: [String] = []
            var most = 0
        }
        let state = Mutex(State())

        func accept(agent: String, batch: Batch) async throws -> AgentAnswer {
            await withCheckedContinuation { continuation in
                state.withLock { state in
                    state.running.append((agent, continuation))
                    state.order.append(agent)
                    state.most = max(state.most, state.running.count)
                }
            }
            return AgentAnswer(epoch: 1, acknowledged: 1, stored: 1, duplicates: 0, refused: [], wants: [])
        }

        var running: Int { state.withLock { $0.running.count } }
        func finishOne() {
            state.withLock { $0.running.isEmpty ? nil : $0.running.removeFirst() }?.continuation.resume()
        }
    }

    private func until(_ holds: () -> Bool) async throws {
        while !holds() { try await Task.sleep(for: .milliseconds(2)) }
    }

    @Test("no more than so many run, the rest comes in its order, and all are answered")
    func order() async throws {
        let slow = Slow()
        let gate = IngestGate(slow, atOnce: 3)
        let batch = Batch(epoch: 1, frames: [])
        try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<20 {
                group.addTask { try await gate.accept(agent: "\(index)", batch: batch).stored }
                // Each is in, or waits, before the next one comes.
                if index < 3 { try await until { slow.running == index + 1 } }
                try await Task.sleep(for: .milliseconds(5))
            }
            for _ in 0..<20 {
                try await until { slow.running > 0 }
                slow.finishOne()
            }
            var stored = 0
            for try await one in group { stored += one }
            #expect(stored == 20)
        }
        #expect(slow.state.withLock { $0.most } == 3)
        #expect(slow.state.withLock { $0.order } == (0..<20).map(String.init))
    }

    @Test("beyond what may wait, and after the time an agent waits, batches are refused with 503; the next ones run")
    func refused() async throws {
        let slow = Slow()
        let gate = IngestGate(slow, atOnce: 1, most: 2, patience: .milliseconds(100))
        let batch = Batch(epoch: 1, frames: [])
        let first = Task { try await gate.accept(agent: "first", batch: batch).stored }
        try await until { slow.running == 1 }
        let late = (0..<2).map { index in Task { try await gate.accept(agent: "late \(index)", batch: batch).stored } }
        try await Task.sleep(for: .milliseconds(200))
        let problem = await #expect(throws: ProblemDetails.self) { try await gate.accept(agent: "full", batch: batch) }
        #expect(problem?.status == 503)
        slow.finishOne()
        #expect(try await first.value == 1)
        for task in late { await #expect(throws: ProblemDetails.self) { try await task.value } }
        let next = Task { try await gate.accept(agent: "next", batch: batch).stored }
        try await until { slow.running == 1 }
        slow.finishOne()
        #expect(try await next.value == 1)
        #expect(slow.state.withLock { $0.order } == ["first", "next"])
    }
}
