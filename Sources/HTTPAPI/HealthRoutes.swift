import CollectorServices
import Model
import Stores
import Wire

/// Routes for machines that watch the collector.
struct HealthRoutes: Sendable {
    let queries: QueryService
    let agents: AgentsService
    let counters: RequestCounters
    /// Whether every service has started.
    let isReady: @Sendable () -> Bool

    var all: [Route] {
        [
            Route("GET", "/healthz", .everybody) { _ in .json(.object([("status", "ok")])) },
            Route("GET", "/readyz", .everybody, ready),
            Route("GET", "/metrics", .accounts(.read), metrics),
        ]
    }

    @Sendable private func ready(_ request: APIRequest) async throws -> APIResponse {
        guard isReady() else {
            throw ServiceRefusal.busy(seconds: 1, "the collector is starting")
        }
        // A read shows that the store answers.
        _ = try await agents.list(after: nil, limit: 1)
        return .json(.object([("status", "ready")]))
    }

    @Sendable private func metrics(_ request: APIRequest) async throws -> APIResponse {
        var states: [String: Int] = ["live": 0, "silent": 0, "revoked": 0, "new": 0]
        var after: String?
        repeat {
            let page = try await agents.list(after: after, limit: 1000)
            for agent in page { states[JSON.state(of: agent), default: 0] += 1 }
            after = page.count == 1000 ? page.last?.id : nil
        } while after != nil
        var text = counters.metrics + "# TYPE muster_agents gauge\n"
        for (state, count) in states.sorted(by: { $0.key < $1.key }) {
            text += "muster_agents{state=\"\(state)\"} \(count)\n"
        }
        text += "# TYPE muster_alarms gauge\n"
        for state in [AlarmState.pending, .firing, .acknowledged] {
            let count = try await queries.alarms(in: [state], after: nil, limit: 10_000).count
            text += "muster_alarms{state=\"\(state.rawValue)\"} \(count)\n"
        }
        return .text(text + "# EOF\n", mediaType: "application/openmetrics-text; version=1.0.0; charset=utf-8")
    }
}
