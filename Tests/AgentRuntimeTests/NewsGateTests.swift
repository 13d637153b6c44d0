import Testing

@testable import AgentRuntime

@Suite("When a device that tells something is looked at")
struct NewsGateTests {
    private static let start = ContinuousClock.now

    /// The seconds at which the gate is open when there is news every second for so long.
    private func openings(_ seconds: Int, from gate: inout NewsGate, at begin: Int = 0) -> [Int] {
        (begin..<begin + seconds).filter { gate.isOpen(changed: true, at: Self.start + .seconds($0)) }
    }

    @Test("at once, six times two seconds apart, and then once in twenty")
    func storm() {
        var gate = NewsGate()
        #expect(openings(90, from: &gate) == [0, 2, 4, 6, 8, 10, 20, 40, 60, 80])
    }

    @Test("after a rest as at first")
    func rest() {
        var gate = NewsGate()
        _ = openings(30, from: &gate)
        #expect(openings(8, from: &gate, at: 300) == [300, 302, 304, 306])
    }

    @Test("what came while it was closed is looked at when it opens, once")
    func pending() {
        var gate = NewsGate()
        let moments = [0, 1, 2, 3, 4].map { Self.start + .seconds($0) }
        #expect(gate.opens == nil)
        let open = zip(moments, [true, true, false, false, false]).map { gate.isOpen(changed: $1, at: $0) }
        #expect(open == [true, false, true, false, false])
        #expect(gate.opens == nil)
        let closed = gate.isOpen(changed: true, at: Self.start + .seconds(3))
        #expect(!closed && gate.opens == Self.start + .seconds(4))
    }
}
