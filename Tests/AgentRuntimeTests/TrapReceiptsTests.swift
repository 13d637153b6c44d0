import Model
import SNMP
import Testing

@testable import AgentRuntime

@Suite("What is told of traps that were not taken")
struct TrapReceiptsTests {
    @Test("nothing refused is a success that says how many were taken")
    func good() {
        var receipts = TrapReceipts()
        var counts = SNMPTrapCounts()
        counts.sources["sw-1"] = .init()
        counts.sources["sw-1"]?.taken = 3
        let made = receipts.made(of: counts, milliseconds: 60_000)
        #expect(made.map(\.source) == ["traps"] && made.map(\.outcome) == [.success] && made.map(\.found) == [3])
    }

    @Test("each device is told of with its reasons and numbers, strangers with the last address")
    func refused() {
        var receipts = TrapReceipts()
        var counts = SNMPTrapCounts()
        counts.sources["sw-1"] = .init()
        counts.sources["sw-1"]?.refused = [.flood: 9000, .credential: 2]
        counts.strangers = 7
        counts.lastStranger = IPAddress("192.0.2.9")
        counts.lostByKernel = 5
        let made = receipts.made(of: counts, milliseconds: 60_000)
        #expect(made.map(\.source) == ["traps", "traps/sw-1"])
        #expect(made.allSatisfy { $0.outcome == .truncated })
        #expect(made[0].message.contains("7 from addresses of no device, the last from 192.0.2.9"))
        #expect(made[0].message.contains("5 lost before they were read"))
        #expect(made[1].message.contains("9000 over the limit"))
        #expect(made[1].message.contains("2 with another version, community, user or level"))
    }

    @Test("a device is told of once more when its trouble is over, and then no more")
    func over() {
        var receipts = TrapReceipts()
        var counts = SNMPTrapCounts()
        counts.sources["sw-1"] = .init()
        counts.sources["sw-1"]?.refused = [.repeated: 1]
        #expect(receipts.made(of: counts, milliseconds: 1).count == 2)
        let after = receipts.made(of: SNMPTrapCounts(), milliseconds: 1)
        #expect(after.map(\.source) == ["traps", "traps/sw-1"] && after.allSatisfy { $0.outcome == .success })
        #expect(receipts.made(of: SNMPTrapCounts(), milliseconds: 1).map(\.source) == ["traps"])
    }
}
