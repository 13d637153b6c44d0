import Foundation
import Model
import SNMP
import SNMPTestSupport

@testable import Devices

/// The recording of the made-up switch, served on loopback.
func withExampleSwitch<Result>(
    dropping unanswered: String? = nil,
    _ body: (SNMPClient, SNMPTarget) async throws -> Result
) async throws -> Result {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Recordings/example-switch.snmprec")
    let recorded = RecordedAgent(recording: try String(contentsOf: file, encoding: .utf8))
    let silent = unanswered.flatMap { OID($0) }
    let agent = FakeAgent { bytes, _ in
        guard let request = TestRequest(bytes) else { return [] }
        if let silent, request.oids.contains(where: silent.isPrefix(of:)) { return [] }
        return [.here(recorded.answer(request))]
    }
    guard let agent else { throw CancellationError() }
    defer { agent.stop() }
    let client = try SNMPClient()
    defer { client.close() }
    let target = SNMPTarget(
        address: localhost, port: agent.port, credential: .v2c(community: "public"), timeout: 0.2, retries: 1)
    return try await body(client, target)
}

/// A family for the made-up switch.
let exampleProfiles = DeviceProfiles(
    profiles: [
        DeviceProfile(
            name: "example", objectIDs: [[1, 3, 6, 1, 4, 1, 32473, 1]], descriptions: [], vendor: nil, os: "exos",
            kind: "network",
            version: FactSource(oids: [[1, 3, 6, 1, 4, 1, 32473, 9, 1, 0]]))
    ], vendors: [32473: "Example"])
