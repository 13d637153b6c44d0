import Glibc
import LinuxSystem

/// Draws maps with Graphviz: two programs at a time, what was drawn last is kept.
actor MapDrawer {
    /// Why there is no drawing.
    enum Failure: Error, Hashable {
        /// Graphviz is not installed.
        case absent
        /// Too many maps are being drawn.
        case busy
        /// It could not be drawn, or not so that it may stand in a page; the text says why, for the log.
        case failed(String)
    }

    /// Graphviz's `dot`.
    private let program: String
    private var running = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// Drawings by what they were drawn from, the newest last.
    private var drawn: [(source: [UInt8], markup: String)] = []

    private static let atOnce = 2
    private static let queueLimit = 16
    private static let kept = 24
    private static let keptBytes = 512 << 10
    private static let outputBytes = 8 << 20

    /// Drawings by the program at a path.
    init(program: String) { self.program = program }

    /// The drawing of a graph in Graphviz's language, filtered for pages and named `label`, which goes with the language
    /// of the graph's words.
    func drawing(of source: [UInt8], label: String) async throws(Failure) -> String {
        if let known = drawn.first(where: { $0.source == source }) { return known.markup }
        guard access(program, X_OK) == 0 else { throw .absent }
        if running >= Self.atOnce {
            guard waiting.count < Self.queueLimit else { throw .busy }
            await withCheckedContinuation { waiting.append($0) }
        } else {
            running += 1
        }
        defer {
            // The place is handed on, or given back.
            if waiting.isEmpty { running -= 1 } else { waiting.removeFirst().resume() }
        }
        let run = ProgramRun(
            program: program, arguments: ["-Tsvg"], input: source, timeout: .seconds(10), outputBytes: Self.outputBytes)
        let (ending, markup) = await BlockingThread.run {
            let result = run.run()
            return (result.ending, SVGFilter.filtered(result.output, label: label))
        }
        guard ending == .exited(0) else { throw .failed("\(program): \(ending)") }
        guard let markup else { throw .failed("\(program) printed something unexpected") }
        keep(source, markup)
        return markup
    }

    private func keep(_ source: [UInt8], _ markup: String) {
        guard markup.utf8.count <= Self.keptBytes else { return }
        drawn.append((source, markup))
        if drawn.count > Self.kept { drawn.removeFirst() }
    }
}
