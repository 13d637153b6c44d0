import Model
import Testing
import Wire

@Suite("Status")
struct StatusCodecTests {
    private let status = AgentStatus(
        version: "1.2", bootID: "b", generation: 300, heartbeatSeconds: 60, enqueued: 9, acknowledged: 8, dropped: 7,
        spoolBytes: 6, settled: 5, policy: "p", sweeps: ["::/0"])
    private let octets: [UInt8] = [
        3, 0x31, 0x2e, 0x32, 1, 0x62, 0xac, 2, 60, 9, 8, 7, 6, 6, 1, 0x70, 1, 4, 0x3a, 0x3a, 0x2f, 0x30,
    ]
    /// How many octets an agent sends that knows nothing of networks.
    private let older = 16

    private func read(_ octets: [UInt8]) throws -> Report {
        try ReportCodec.decode(
            Frame(
                sequence: 1, claimedTime: Timestamp(milliseconds: 0), kind: ReportKind.status.rawValue, payload: octets)
        ).report
    }

    @Test("The octets are these")
    func exact() throws {
        #expect(try ReportCodec.encode(.status(status)).payload == octets)
        #expect(try read(octets) == .status(status))
    }

    @Test("What is settled and the policy may be unknown")
    func settled() throws {
        for settled: UInt64? in [nil, 0, 1, .max - 1] {
            var status = status
            (status.settled, status.policy) = (settled, settled == nil ? nil : "p")
            #expect(try read(ReportCodec.encode(.status(status)).payload) == .status(status))
        }
    }

    @Test("One cut anywhere is refused, one with more behind it is of a later version")
    func cut() throws {
        for count in octets.indices where count != older {
            #expect(throws: ReportError.self) { try read(Array(octets[..<count])) }
        }
        var status = status
        #expect(try read(octets + [1, 2, 3]) == .status(status))
        status.sweeps = []
        #expect(try read(Array(octets[..<older])) == .status(status))
        #expect(throws: ReportError.self) { try read(Array(octets[..<older]) + [33]) }
    }

    @Test("Texts over their limit, not UTF-8 or with NUL, and numbers beyond 32 bits of seconds are refused")
    func bad() {
        for version: [UInt8] in [[0x80, 2] + [UInt8](repeating: 0x61, count: 256), [1, 0xff], [1, 0]] {
            #expect(throws: ReportError.self) { try read(version + octets.dropFirst(4)) }
        }
        let endless = Array(repeating: UInt8(0xff), count: 9) + [1]
        #expect(throws: ReportError.self) { try read(Array(octets[..<8]) + endless + octets.dropFirst(9)) }
    }
}
