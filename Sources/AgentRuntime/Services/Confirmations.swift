import Synchronization

/// Which checks and devices the collector wants looked at once more, and whom that wakes.
final class Confirmations: Sendable {
    private struct State {
        var signals: [String: WakeSignal] = [:]
        var requests: Set<String> = []
    }

    private let state = Mutex(State())

    /// The signal that wakes the loop of `name`.
    func signal(for name: String) -> WakeSignal {
        state.withLock { state in
            let signal = state.signals[name] ?? WakeSignal()
            state.signals[name] = signal
            return signal
        }
    }

    /// Asks for one look; false when nothing has that name.
    func request(_ name: String) -> Bool {
        let signal = state.withLock { state -> WakeSignal? in
            guard let signal = state.signals[name] else { return nil }
            state.requests.insert(name)
            return signal
        }
        signal?.raise()
        return signal != nil
    }

    /// Nothing has that name any more.
    func forget(_ name: String) {
        state.withLock { state in
            state.signals[name] = nil
            state.requests.remove(name)
        }
    }

    /// Wakes the loop of `name`, where there is one, without asking for a report of its own.
    func wake(_ name: String) { state.withLock { $0.signals[name] }?.raise() }

    /// Whether somebody waits for the next look; the answer stays.
    func isRequested(_ name: String) -> Bool { state.withLock { $0.requests.contains(name) } }

    /// Whether somebody waits for the next look; asked once, the answer is used up.
    func takeRequest(for name: String) -> Bool {
        state.withLock { $0.requests.remove(name) != nil }
    }
}
