import Model
import Synchronization

/// The newest values that were measured, for who reads them on this host.
final class MetricBoard: Sendable {
    private let newest = Mutex<[[String]: [Sample]]>([:])

    /// Values of metrics that are read together take the place of those before.
    func put(_ samples: [Sample], of metrics: [String]) { newest.withLock { $0[metrics] = samples } }

    /// Metrics that were read together are not any more.
    func forget(_ metrics: [String]) { newest.withLock { $0[metrics] = nil } }

    /// All of them.
    var samples: [Sample] {
        newest.withLock { $0.sorted { $0.key.lexicographicallyPrecedes($1.key) }.flatMap(\.value) }
    }
}
