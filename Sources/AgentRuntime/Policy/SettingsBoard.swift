import Synchronization

/// What the agent does now; whoever does it hears when that changes.
final class SettingsBoard: Sendable {
    private struct State {
        var settings: RunningSettings
        var listeners: [Int: AsyncStream<RunningSettings>.Continuation] = [:]
        var next = 0
    }

    private let state: Mutex<State>

    /// A board on which `settings` stands.
    init(_ settings: RunningSettings) { state = Mutex(State(settings: settings)) }

    /// What stands there.
    var current: RunningSettings { state.withLock { $0.settings } }

    /// Puts something else there.
    func put(_ settings: RunningSettings) {
        let listeners = state.withLock { state in
            state.settings = settings
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.yield(settings) }
    }

    /// What stands there and every later one; of several in a row a slow listener gets the newest. Ends with its task.
    func changes() -> AsyncStream<RunningSettings> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { listener in
            let (number, settings) = state.withLock { state in
                state.next += 1
                state.listeners[state.next] = listener
                return (state.next, state.settings)
            }
            listener.onTermination = { [weak self] _ in
                self?.state.withLock { $0.listeners[number] = nil }
            }
            listener.yield(settings)
        }
    }
}
