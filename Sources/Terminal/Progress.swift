import Glibc
import Synchronization

/// A line on standard error that says how far something is: only on a terminal, only after two seconds, gone at the end.
public final class Progress: Sendable {
    private struct State {
        var text: String
        var done = 0
        var total: Int?
        var isShown = false
        var hasEnded = false
    }

    private let state: Mutex<State>
    private let started = ContinuousClock.now
    private let ticker = Mutex<Task<Void, Never>?>(nil)

    /// How long work may take before the line appears.
    public static let delay = Duration.seconds(2)

    /// Begins; `text` says what is going on, `total` how many steps there are where that is known.
    public init(_ text: String, total: Int? = nil) {
        state = Mutex(State(text: text, total: total))
        guard Screen.isTerminal(STDERR_FILENO) else { return }
        let task = Task.detached { [weak self] in
            try? await Task.sleep(for: Progress.delay)
            while !Task.isCancelled, let self {
                self.draw()
                try? await Task.sleep(for: .milliseconds(200))
            }
        }
        ticker.withLock { $0 = task }
    }

    /// Says how far it is; `done` counts steps towards `total`.
    public func update(_ text: String, done: Int = 0, total: Int? = nil) {
        state.withLock { state in
            state.text = text
            state.done = done
            if let total { state.total = total }
        }
    }

    /// Ends and takes the line away.
    public func end() {
        ticker.withLock { $0?.cancel() }
        state.withLock { state in
            state.hasEnded = true
            if state.isShown { Screen.write("\r\u{1b}[K", to: STDERR_FILENO) }
        }
    }

    private func draw() {
        state.withLock { state in
            guard !state.hasEnded else { return }
            state.isShown = true
            let columns = Screen.size(STDERR_FILENO)?.columns ?? 80
            let line = Progress.line(
                state.text, done: state.done, total: state.total, elapsed: ContinuousClock.now - started)
            Screen.write("\r" + shortened(line, to: columns - 1) + "\u{1b}[K", to: STDERR_FILENO)
        }
    }

    /// `[#####···············]  25 %  text  7 s`, or without the bar where the total is not known.
    static func line(_ text: String, done: Int, total: Int?, elapsed: Duration) -> String {
        let tail = oneLine(text) + "  \(elapsed.components.seconds) s"
        guard let total, total > 0 else { return tail }
        let part = min(max(done, 0), total)
        let filled = part * 20 / total
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 20 - filled)
        return "[\(bar)] \(part * 100 / total) %  " + tail
    }
}

/// Shows how far `body` is until it ends.
public func withProgress<Value>(
    _ text: String, total: Int? = nil, _ body: (Progress) async throws -> Value
) async rethrows -> Value {
    let progress = Progress(text, total: total)
    defer { progress.end() }
    return try await body(progress)
}
