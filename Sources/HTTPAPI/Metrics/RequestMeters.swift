import Model
import Synchronization

/// How many requests were answered, by listener, route, method and status, and how long routes took, since the start.
///
/// Labels come from the table of routes, never from a request: what fits no route is counted under `none`.
public final class RequestMeters: Sendable {
    private struct Answered: Hashable {
        var listener: String
        var method: String
        var route: String
        var status: Int
    }

    private struct Asked: Hashable {
        var method: String
        var route: String
    }

    private struct State {
        var counts: [Answered: Int64] = [:]
        var durations: [Asked: DurationHistogram] = [:]
    }

    private let state = Mutex(State())

    /// Meters at zero.
    public init() {}

    func note(listener: String, _ answer: APIResponse, took duration: Duration) {
        let route = answer.route ?? (method: "none", path: "none")
        state.withLock { state in
            let key = Answered(listener: listener, method: route.method, route: route.path, status: answer.status)
            state.counts[key, default: 0] += 1
            state.durations[Asked(method: route.method, route: route.path), default: DurationHistogram()].note(duration)
        }
    }

    func write(to text: inout OpenMetricsText) {
        let state = state.withLock { $0 }
        text.family("muster_http_requests", .counter, "Requests answered since the start.")
        let counts = state.counts.sorted {
            ($0.key.listener, $0.key.route, $0.key.method, $0.key.status)
                < ($1.key.listener, $1.key.route, $1.key.method, $1.key.status)
        }
        for (key, count) in counts {
            let labels = [
                ("listener", key.listener), ("method", key.method), ("route", key.route),
                ("status", String(key.status)),
            ]
            text.sample("muster_http_requests_total", labels, count)
        }
        text.family(
            "muster_http_request_duration_seconds", .histogram, unit: "seconds",
            "Time from the request's head to its answer; long polls are held open on purpose.")
        for (key, histogram) in state.durations.sorted(by: {
            ($0.key.route, $0.key.method) < ($1.key.route, $1.key.method)
        }) {
            text.histogram(
                "muster_http_request_duration_seconds", [("method", key.method), ("route", key.route)], histogram)
        }
    }
}
