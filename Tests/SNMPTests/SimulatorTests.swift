import Foundation
import Model
import SNMP
import SNMPTestSupport
import Testing

private let interfaces: OID = [1, 3, 6, 1, 2, 1, 2, 2, 1]

/// How a walk of ifTable may end against a device with a fault.
private enum Verdict: Sendable {
    /// All rows, and the receipt says so.
    case complete
    /// The receipt says that it was cut short.
    case cutShort
    /// Anything, as long as it ends.
    case ends
}

@Suite(
    "Against recorded devices with faults",
    .enabled(if: Fleet.shared != nil && Fleet.corpus != nil, "no simulator here"))
struct SimulatorTests {
    private static let faults: [(String, Verdict)] = [
        ("latency=20,jitter=20", .complete), ("dup=1", .complete), ("loss=0.05", .complete), ("max-rep=3", .complete),
        ("max-msg=484", .complete), ("max-vb=2", .complete), ("no-bulk", .complete), ("toobig", .complete),
        ("trap", .complete), ("dead", .cutShort), ("silent-after=8", .cutShort), ("generr", .cutShort),
        ("bad-id", .cutShort), ("bad-version", .cutShort), ("bad-community", .cutShort), ("truncate", .cutShort),
        ("garbage", .cutShort), ("empty", .cutShort), ("indefinite", .ends), ("wrong-port", .cutShort),
        ("bad-length", .cutShort), ("long-oid", .cutShort), ("loop", .cutShort), ("cycle", .ends),
        ("non-increasing", .ends),
        ("endless", .cutShort), ("fewer-varbinds", .ends), ("extra-varbinds", .ends), ("wrong-type", .complete),
        ("null-values", .complete), ("bad-utf8,nul,control", .complete), ("huge=20000", .ends),
    ]

    @Test("every walk ends in time, and only a whole one says that it is complete")
    func faults() async throws {
        let corpus = try #require(Fleet.corpus)
        let directory = try temporaryDirectory()
        defer { try? FileManager.default.removeItem(at: directory) }
        let port = freePort()
        let plan = directory.appendingPathComponent("plan")
        let lines = (["-"] + Self.faults.map(\.0)).enumerated().map { number, fault in
            "127.62.0.\(number + 1) \(port) ios_2960x" + (fault == "-" ? "" : " \(fault)")
        }
        try lines.joined(separator: "\n").appending("\n").write(to: plan, atomically: true, encoding: .utf8)
        let fleet = try #require(
            await Fleet(["--plan", plan.path, corpus.appendingPathComponent("recordings").path]))
        defer { fleet.stop() }
        let client = try SNMPClient()
        defer { client.close() }
        let whole = await walk(client, 1, port).rows.count
        #expect(whole > 1000)
        await withTaskGroup(of: (String, Verdict, SNMPResult).self) { group in
            for (number, (fault, verdict)) in Self.faults.enumerated() {
                group.addTask { (fault, verdict, await walk(client, number + 2, port)) }
            }
            for await (fault, verdict, result) in group {
                #expect(result.receipt.seconds < 25, "\(fault)")
                switch verdict {
                case .complete:
                    #expect(result.receipt.isComplete && result.rows.count == whole, "\(fault): \(result.receipt)")
                case .cutShort: #expect(!result.receipt.isComplete, "\(fault): \(result.receipt)")
                case .ends: #expect(!result.receipt.isComplete || result.rows.count <= whole, "\(fault)")
                }
            }
        }
    }

    @Test("a device that only speaks v1 is read over v1, to the same rows")
    func versionOne() async throws {
        let corpus = try #require(Fleet.corpus)
        let file = corpus.appendingPathComponent("recordings/apc_smtl1000-nmc3.snmprec").path
        let port = freePort()
        let fleet = try #require(await Fleet(["--fleet", "127.63.0.1:\(port)", "--fault", "v1-only", file]))
        defer { fleet.stop() }
        let client = try SNMPClient()
        defer { client.close() }
        let address = try #require(IPAddress("127.63.0.1"))
        let target = SNMPTarget(
            address: address, port: port, credential: .v1(community: "public"), timeout: 0.5, retries: 1)
        let result = await client.rows(under: [[1, 3, 6, 1, 2, 1]], from: target)
        #expect(result.receipt.isComplete)
        #expect(result.rows.count > 50)
    }
}

private func walk(_ client: SNMPClient, _ device: Int, _ port: UInt16) async -> SNMPResult {
    guard let address = IPAddress("127.62.0.\(device)") else { return SNMPResult(rows: [], receipt: SNMPReceipt()) }
    let target = SNMPTarget(
        address: address, port: port, credential: .v2c(community: "public"), timeout: 0.3, retries: 4,
        limits: SNMPLimits(rows: 20_000, bytes: 8 << 20, deadline: 20))
    return await client.rows(under: (1...22).map { interfaces.appending($0) }, from: target)
}
