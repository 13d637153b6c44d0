import Glibc
import LinuxSystem
import Synchronization

/// Draws maps with Graphviz: two programs at a time, never two for one graph; what was drawn last is kept.
final class MapDrawer: Sendable {
    /// Why there is no drawing.
    enum Failure: Error, Hashable {
        /// Graphviz is not installed.
        case absent
        /// Too many maps are being drawn.
        case busy
        /// It could not be drawn, or not so that it may stand in a page; the text says why, for the log.
        case failed(String)
    }

    private typealias Drawing = Result<String, Failure>

    private struct State {
        var beingDrawn: Set<[UInt8]> = []
        /// Those who wait until something is drawn; they are told whether there are too many of them.
        var waiting: [CheckedContinuation<Bool, Never>] = []
        /// What came of graphs, the newest last; a failure is here until it is told.
        var drawn: [(source: [UInt8], drawing: Drawing)] = []
    }

    private enum Step {
        case told(Drawing)
        case draw
        /// It is being drawn already, or there is no place.
        case wait
    }

    /// Graphviz's `dot`.
    private let program: String
    private let state = Mutex(State())

    private static let atOnce = 2
    private static let queueLimit = 16
    private static let kept = 24
    /// Of all that are kept; the newest is kept in any case.
    private static let keptBytes = 12 << 20
    private static let outputBytes = 8 << 20

    /// Drawings by the program at a path.
    init(program: String) { self.program = program }

    /// The drawing of a graph in Graphviz's language, filtered for pages and named `label`, which goes with the language
    /// of the graph's words.
    func drawing(of source: [UInt8], label: String) async throws(Failure) -> String {
        while true {
            switch step(source) {
            case .told(let drawing): return try drawing.get()
            case .draw: return try told(await BlockingThread.run { self.draw(source, label) }, of: source)
            case .wait: try await wait(for: source)
            }
        }
    }

    /// The same for a page that waits no longer than `patience`: nil where it is not drawn by then. It is drawn on behind the page.
    func drawing(of source: [UInt8], label: String, within patience: Duration) async throws(Failure) -> String? {
        switch step(source) {
        case .told(let drawing): return try drawing.get()
        case .wait: return nil
        case .draw:
            let drawing = await BlockingThread.run(atMost: patience) { self.draw(source, label) }
            guard let drawing else { return nil }
            return try told(drawing, of: source)
        }
    }

    /// What is to be done for a graph; who is told to draw it has a place.
    private func step(_ source: [UInt8]) -> Step {
        guard access(program, X_OK) == 0 else { return .told(.failure(.absent)) }
        return state.withLock { state in
            if let known = state.drawn.first(where: { $0.source == source }) {
                if case .failure = known.drawing { state.drawn.removeAll { $0.source == source } }
                return .told(known.drawing)
            }
            guard !state.beingDrawn.contains(source), state.beingDrawn.count < Self.atOnce else { return .wait }
            state.beingDrawn.insert(source)
            return .draw
        }
    }

    /// Returns when something was drawn, if that has to be waited for.
    private func wait(for source: [UInt8]) async throws(Failure) {
        let isFull = await withCheckedContinuation { (waiter: CheckedContinuation<Bool, Never>) in
            let isFull: Bool? = state.withLock { state in
                let isDone = state.drawn.contains { $0.source == source }
                let hasPlace = !state.beingDrawn.contains(source) && state.beingDrawn.count < Self.atOnce
                if isDone || hasPlace { return false }
                guard state.waiting.count < Self.queueLimit else { return true }
                state.waiting.append(waiter)
                return nil
            }
            if let isFull { waiter.resume(returning: isFull) }
        }
        if isFull { throw .busy }
    }

    /// A failure that is told now is not told to the next who asks: that one tries again.
    private func told(_ drawing: Drawing, of source: [UInt8]) throws(Failure) -> String {
        if case .failure = drawing { state.withLock { $0.drawn.removeAll { $0.source == source } } }
        return try drawing.get()
    }

    /// Draws; blocks for as long as the program takes, at most ten seconds.
    private func draw(_ source: [UInt8], _ label: String) -> Drawing {
        let drawing = made(source, label)
        let waiting = state.withLock { state in
            state.beingDrawn.remove(source)
            state.drawn.append((source, drawing))
            Self.limit(&state.drawn)
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiter in waiting { waiter.resume(returning: false) }
        return drawing
    }

    private func made(_ source: [UInt8], _ label: String) -> Drawing {
        let run = ProgramRun(
            program: program, arguments: ["-Tsvg"], input: source, timeout: .seconds(10), outputBytes: Self.outputBytes)
        let result = run.run()
        guard result.ending == .exited(0) else { return .failure(.failed("\(program): \(result.ending)")) }
        guard let markup = SVGFilter.filtered(result.output, label: label) else {
            return .failure(.failed("\(program) printed something unexpected"))
        }
        return .success(markup)
    }

    private static func limit(_ drawn: inout [(source: [UInt8], drawing: Drawing)]) {
        var bytes = drawn.reduce(0) { $0 + size($1.drawing) }
        while drawn.count > 1, drawn.count > kept || bytes > keptBytes { bytes -= size(drawn.removeFirst().drawing) }
    }

    private static func size(_ drawing: Drawing) -> Int { (try? drawing.get())?.utf8.count ?? 0 }
}
