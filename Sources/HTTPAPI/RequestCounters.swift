import Synchronization

/// How many requests each listener answered, by status, since the start.
public final class RequestCounters: Sendable {
    private struct Key: Hashable {
        var listener: String
        var status: Int
    }

    private let counts = Mutex<[Key: Int64]>([:])

    /// Counters at zero.
    public init() {}

    func count(listener: String, status: Int) {
        counts.withLock { $0[Key(listener: listener, status: status), default: 0] += 1 }
    }

    /// OpenMetrics lines of the counter family `muster_http_requests`.
    public var metrics: String {
        let sorted = counts.withLock { $0 }.sorted {
            ($0.key.listener, $0.key.status) < ($1.key.listener, $1.key.status)
        }
        let lines = sorted.map {
            "muster_http_requests_total{listener=\"\($0.key.listener)\",status=\"\($0.key.status)\"} \($0.value)\n"
        }
        return "# TYPE muster_http_requests counter\n" + lines.joined()
    }
}
