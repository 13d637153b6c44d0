import Foundation
import Glibc
import Model
import SNMP
import SNMPTestSupport
import Testing

/// A receiver on loopback and what it took.
final class TrapBench {
    static let linkDown: OID = [1, 3, 6, 1, 6, 3, 1, 1, 5, 3]
    static let ifIndex: OID = [1, 3, 6, 1, 2, 1, 2, 2, 1, 1, 3]
    static let sysDescr: OID = [1, 3, 6, 1, 2, 1, 1, 1, 0]
    static let ownEngine: [UInt8] = [0x80, 0, 0x1f, 0x88, 5, 1, 2, 3, 4]
    static let otherHost = IPAddress("127.0.0.2") ?? localhost

    let receiver: SNMPTrapReceiver
    let port = freePort()
    private var iterator: AsyncStream<SNMPTrap>.Iterator
    private var total = SNMPTrapCounts()

    init(_ sources: [SNMPTrapSource], limits: SNMPTrapLimits = SNMPTrapLimits(), boots: UInt32 = 1) throws {
        receiver = try SNMPTrapReceiver(
            sockets: [try SNMPTrapReceiver.bind(localhost, port: port)], sources: sources,
            engineID: TrapBench.ownEngine,
            boots: boots, limits: limits)
        iterator = receiver.traps.makeAsyncIterator()
    }

    deinit { receiver.close() }

    var target: String { "127.0.0.1:\(port)" }

    func next() async -> SNMPTrap? { await iterator.next() }

    /// Everything counted so far.
    func counts() -> SNMPTrapCounts {
        let new = receiver.takeCounts()
        total.strangers += new.strangers
        total.lastStranger = new.lastStranger ?? total.lastStranger
        total.lostByKernel += new.lostByKernel
        for (name, source) in new.sources {
            total.sources[name, default: .init()].taken += source.taken
            for (reason, count) in source.refused {
                total.sources[name, default: .init()].refused[reason, default: 0] += count
            }
        }
        return total
    }

    /// Waits until so many datagrams were counted.
    func counted(_ number: Int, within seconds: Double = 5) async -> Bool {
        await eventually(within: seconds) {
            let counts = self.counts()
            let refused = SNMPTrapRefusal.allCases.reduce(0) { $0 + counts.refused($1) }
            return counts.taken + refused + counts.strangers + counts.lostByKernel >= number
        }
    }

    static func plain(_ address: IPAddress = localhost, name: String = "sw-1") -> SNMPTrapSource {
        SNMPTrapSource(name: name, addresses: [address], credential: .v2c(community: "public"))
    }
}
