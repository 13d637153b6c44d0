import Model
import Stores
import Testing

@testable import CollectorServices

@Suite("Who has what of things that agents share")
struct LeasePlanTests {
    private static let start = Timestamp(seconds: 1_800_000_000)

    private static func settle(
        _ leases: [Lease], _ isHeard: [String: Bool], able: [[String]]? = nil, after seconds: Int64 = 0,
        balances: Bool = true
    ) -> [Lease] {
        let able = able ?? leases.map { _ in ["a", "b", "c"] }
        return LeasePlan(isHeard: isHeard, now: start.adding(seconds: seconds))
            .settled(leases, able: able, balances: balances)
    }

    private static func holders(_ leases: [Lease]) -> String { leases.map { $0.holder ?? "-" }.joined() }

    @Test("Each gets an equal share of what lies side by side")
    func shares() {
        let leases = Self.settle(Array(repeating: Lease(), count: 6), ["a": true, "b": true])
        #expect(Self.holders(leases) == "aaabbb")
        #expect(leases.allSatisfy { $0.fence == 1 && $0.since == Self.start && $0.past.isEmpty })
        #expect(Self.settle(leases, ["a": true, "b": true], after: 60) == leases)
        #expect(Self.holders(Self.settle(leases, ["a": true, "b": true, "c": true])) == "aacbbc")
    }

    @Test("Nobody gets what it may not have")
    func able() {
        let leases = Self.settle(
            Array(repeating: Lease(), count: 4), ["a": true, "b": true], able: [["a"], ["b", "c"], [], ["c"]])
        #expect(Self.holders(leases) == "ab--")
        #expect(Self.holders(Self.settle(leases, ["b": true], able: [["b"], ["a"], [], []])) == "b---")
    }

    @Test("What a silent agent has goes to those that are heard, under a higher number; with nobody else it stays")
    func silence() throws {
        let leases = Self.settle(Array(repeating: Lease(), count: 4), ["a": true, "b": true])
        #expect(Self.settle(leases, ["a": false, "b": false]) == leases)
        let moved = Self.settle(leases, ["a": false, "b": true], after: 60)
        #expect(Self.holders(moved) == "bbbb" && moved.map(\.fence) == [2, 2, 1, 1])
        #expect(moved[0].wasLost(by: "a") && !moved[0].wasLost(by: "b") && !moved[2].wasLost(by: "a"))
        #expect(moved[0].past == [Lease.Past(agent: "a", until: Self.start.adding(seconds: 60), silences: 1)])
    }

    @Test("An agent that fell silent is given nothing for ten minutes, twenty the next time, and its share after that")
    func rest() {
        var leases = Self.settle(Array(repeating: Lease(), count: 4), ["a": true, "b": true])
        leases = Self.settle(leases, ["a": false, "b": true], after: 60)
        leases = Self.settle(leases, ["a": true, "b": true], after: 70)
        #expect(Self.holders(leases) == "bbbb")
        leases = Self.settle(leases, ["a": true, "b": true], after: 659)
        #expect(Self.holders(leases) == "bbbb")
        leases = Self.settle(leases, ["a": true, "b": true], after: 660)
        #expect(Self.holders(leases) == "bbaa")
        leases = Self.settle(leases, ["a": false, "b": true], after: 700)
        #expect(Self.holders(leases) == "bbbb")
        leases = Self.settle(leases, ["a": true, "b": true], after: 700 + 1199)
        #expect(Self.holders(leases) == "bbbb")
        leases = Self.settle(leases, ["a": true, "b": true], after: 700 + 1200)
        #expect(Self.holders(leases) == "bbaa")
    }

    @Test("One that rests is better than nobody")
    func last() {
        var leases = Self.settle([Lease(), Lease()], ["a": true, "b": true])
        leases = Self.settle(leases, ["a": false, "b": true], after: 10)
        leases = Self.settle(leases, ["a": true, "b": false], after: 20)
        #expect(Self.holders(leases) == "aa" && leases.map(\.fence) == [3, 2])
    }

    @Test("Without equal shares what an agent has stays with it")
    func stays() {
        let leases = Self.settle(Array(repeating: Lease(), count: 3), ["a": true], balances: false)
        #expect(Self.settle(leases, ["a": true, "b": true], balances: false) == leases)
        let moved = Self.settle(leases, ["a": false, "b": true, "c": true], balances: false)
        #expect(Self.holders(moved) == "bbc")
    }

    @Test("An agent that is refused for good loses all, and is not held to be silent")
    func refused() {
        let leases = Self.settle(Array(repeating: Lease(), count: 2), ["a": true])
        let moved = Self.settle(leases, ["b": true], after: 5)
        #expect(Self.holders(moved) == "bb" && moved.allSatisfy { $0.past.first?.silences == 0 })
    }

    @Test("Who had a thing is kept in bounds")
    func past() {
        var lease = Lease()
        for number in 0..<40 { lease.pass(to: "agent-\(number)", at: Self.start) }
        #expect(lease.fence == 40 && lease.past.count == Lease.pastLimit && lease.past.last?.agent == "agent-38")
        lease.pass(to: nil, at: Self.start)
        #expect(lease.fence == 40 && lease.since == nil && lease.wasLost(by: "agent-39"))
    }
}
