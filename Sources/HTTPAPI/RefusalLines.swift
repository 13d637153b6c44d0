import Logging
import Synchronization

/// How many lines of a log tell what peers did wrong: the first of each minute; further ones are counted, so that a flood does not
/// fill the disk.
final class RefusalLines: Sendable {
    private struct State {
        var start: ContinuousClock.Instant?
        var written = 0
        var left = 0
    }

    private let perMinute: Int
    private let state = Mutex(State())

    /// At most `perMinute` lines.
    init(perMinute: Int = 60) { self.perMinute = perMinute }

    /// Writes a line, or counts it.
    func write(_ logger: Logger, _ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata) {
        guard let left = next() else { return }
        let counted: Logger.Metadata = left > 0 ? ["not told before this": "\(left)"] : [:]
        logger.log(level: level, message, metadata: metadata.merging(counted) { first, _ in first })
    }

    /// Nil where no line is to be written now, else how many were left out since the last one.
    func next(at now: ContinuousClock.Instant = .now) -> Int? {
        state.withLock { state in
            if let start = state.start, now - start < .seconds(60) {
                guard state.written < perMinute else {
                    state.left += 1
                    return nil
                }
            } else {
                state.start = now
                state.written = 0
            }
            state.written += 1
            defer { state.left = 0 }
            return state.left
        }
    }
}
