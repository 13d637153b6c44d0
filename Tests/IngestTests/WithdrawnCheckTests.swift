import Model
import Stores
import Testing
import Wire

@testable import CollectorServices

@Suite("Checks that are not made any more")
struct WithdrawnCheckTests {
    private func result(_ state: CheckState, _ failures: Int, isWithdrawn: Bool? = nil) -> Report {
        .checks([
            CheckResult(
                check: "web", kind: "tcp", subject: .host, state: state, message: "\(state)", failuresInRow: failures,
                milliseconds: 1, isWithdrawn: isWithdrawn)
        ])
    }

    @Test("Its result goes, and the feed tells it of the CI it spoke for; one that was never heard of is no news")
    func withdrawn() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a1")
        try await fleet.send("a1", section(.system, system("web-01")), result(.critical, 3))
        let ci = try #require(try await fleet.host("a1")?.id)
        #expect(try await fleet.store.checks(of: [ci], limit: 10).count == 1)
        try await fleet.send("a1", result(.unknown, 0, isWithdrawn: true))
        #expect(try await fleet.store.checks(of: [ci], limit: 10).isEmpty)
        let told = try await fleet.store.entries(after: .start, limit: 1000).compactMap { entry -> CheckResult? in
            if case .checkReported(ci, _, let result) = entry.event { result } else { nil }
        }
        #expect(told.last?.isWithdrawn == true && told.last?.state == .unknown)
        let count = told.count
        try await fleet.send("a1", result(.critical, 5, isWithdrawn: true))
        #expect(try await fleet.store.checks(of: [ci], limit: 10).isEmpty)
        let again = try await fleet.store.entries(after: .start, limit: 1000).filter {
            if case .checkReported = $0.event { true } else { false }
        }
        #expect(again.count == count)
    }

    @Test("The tag of the policy in force is kept, and gone when the agent has none")
    func policyTag() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a1")
        func status(_ policy: String?) -> Report {
            .status(
                AgentStatus(
                    version: "1", bootID: "b", generation: 1, heartbeatSeconds: 60, enqueued: 1, acknowledged: 0,
                    dropped: 0,
                    spoolBytes: 0, policy: policy))
        }
        try await fleet.send("a1", status("abc"))
        #expect(try await fleet.store.agent("a1")?.policy == "abc")
        try await fleet.send("a1", status(String(repeating: "x", count: 200)))
        #expect(try await fleet.store.agent("a1")?.policy.utf8.count == 64)
        try await fleet.send("a1", status(nil))
        #expect(try await fleet.store.agent("a1")?.policy == "")
    }
}
