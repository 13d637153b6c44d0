import HostMetrics
import LinuxSystem
import Model
import Synchronization

/// Metrics that are read one after the other on a thread of their own; a second reading begins when the first has ended.
final class MetricReader: Sendable {
    /// What a reading found.
    typealias Found = (samples: [Sample], receipts: [Receipt])

    /// The metrics.
    let names: [String]
    private let state: Mutex<State>

    private enum State {
        case idle(HostMetricRunner)
        case busy(since: ContinuousClock.Instant)
        case done(HostMetricRunner, Found)
    }

    /// A reader of the metrics called `names`.
    init(_ names: [String], helper: HelperClient?) {
        self.names = names
        state = Mutex(.idle(HostMetricRunner(names: names, helper: helper)))
    }

    /// Begins a reading, unless one goes on or what it found was not taken yet.
    func begin() {
        let runner: HostMetricRunner? = state.withLock { state in
            guard case .idle(let runner) = state else { return nil }
            state = .busy(since: .now)
            return runner
        }
        guard let runner else { return }
        BlockingThread.start {
            var runner = runner
            let found = runner.read(root: SystemRoot())
            self.state.withLock { $0 = .done(runner, found) }
        }
    }

    /// Whether a reading goes on.
    var isBusy: Bool {
        state.withLock { if case .busy = $0 { true } else { false } }
    }

    /// How each metric ended that has not answered for longer than `patience`: it is not read again until it does.
    func overdue(_ patience: Duration) -> [Receipt] {
        let since: ContinuousClock.Instant? = state.withLock { state in
            if case .busy(let since) = state { since } else { nil }
        }
        guard let since, ContinuousClock.now - since > patience else { return [] }
        return names.map {
            Receipt(
                source: "metric/\($0)", outcome: .truncated, found: 0,
                milliseconds: (ContinuousClock.now - since).inMilliseconds,
                message: "no answer for more than \(patience.components.seconds) s; not read again before there is one")
        }
    }

    /// What the last reading found, once.
    func take() -> Found? {
        state.withLock { state in
            guard case .done(let runner, let found) = state else { return nil }
            state = .idle(runner)
            return found
        }
    }
}
