import LinuxSystem
import Testing

@testable import AgentRuntime

@Suite("When a change that was seen is read")
struct ChangeGateTests {
    private let start = ContinuousClock.now

    /// At which of the looks, two seconds apart, the gate opens; a look is true when something changed.
    private func opens(_ settles: Bool, _ looks: [Bool]) -> [Int] {
        var gate = ChangeGate(settles: settles)
        return looks.indices.filter { gate.isOpen(changed: looks[$0], at: start + .seconds(2) * $0) }
    }

    @Test("a change of one write is read at once, one of many writes when it is quiet, and after five looks anyway")
    func settling() {
        #expect(opens(false, [false, true, false, false]) == [1])
        #expect(opens(true, [false, true, true, false, false]) == [3])
        #expect(opens(true, [Bool](repeating: true, count: 5)) == [4])
        #expect(opens(true, [Bool](repeating: false, count: 9)) == [])
    }

    @Test("what never rests is read ever more seldom, down to once a minute, and soon again when it was quiet")
    func noisy() {
        let times = opens(false, [Bool](repeating: true, count: 200)).map { $0 * 2 }
        #expect(times.prefix(6) == [0, 2, 6, 14, 30, 62])
        #expect(zip(times.dropFirst(6), times.dropFirst(5)).allSatisfy { $0 - $1 == 60 })
        let quiet = [true, true, true] + [Bool](repeating: false, count: 60) + [true, false, false, true]
        #expect(opens(false, quiet) == [0, 1, 3, 63, 66])
    }

    @Test("a change while the gate is closed is not forgotten")
    func pending() {
        #expect(opens(false, [true, true, true, false, false]) == [0, 1, 3])
    }

    @Test("every event has a source, and every source is one of the catalogue")
    func sources() {
        let known = Set(InventorySettings().sources.map(\.name))
        for event in HostEvents.Event.allCases {
            let sources = HostWatchService.sources(of: event)
            #expect(!sources.isEmpty && known.isSuperset(of: sources))
        }
    }
}
