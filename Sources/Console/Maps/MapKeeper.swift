import Synchronization

/// Drawings that a page does not wait for: what takes longer is drawn behind it, and until then the page has the drawing before.
final class MapKeeper: Sendable {
    /// What a page gets.
    enum Answer: Sendable {
        /// The drawing of what was asked.
        case drawn(String)
        /// The drawing before; the new one is being made.
        case before(String)
        /// Nothing yet; it is being made.
        case coming
        /// There is none.
        case failed(MapDrawer.Failure)
    }

    private let drawer: MapDrawer
    private let patience: Duration
    /// The newest drawing of each question, the newest last.
    private let newest = Mutex<[(question: String, markup: String)]>([])

    private static let kept = 16

    /// Drawings by a drawer; a page waits for one as long as `patience`.
    init(_ drawer: MapDrawer, patience: Duration) {
        self.drawer = drawer
        self.patience = patience
    }

    /// The drawing of a source; `question` is what stays the same when the source changes.
    func drawing(of source: [UInt8], for question: String, label: String) async -> Answer {
        do throws(MapDrawer.Failure) {
            guard let markup = try await drawer.drawing(of: source, label: label, within: patience) else {
                return newest.withLock { $0.first { $0.question == question } }.map { .before($0.markup) } ?? .coming
            }
            keep(markup, question)
            return .drawn(markup)
        } catch {
            return .failed(error)
        }
    }

    private func keep(_ markup: String, _ question: String) {
        newest.withLock { newest in
            newest.removeAll { $0.question == question }
            newest.append((question, markup))
            if newest.count > Self.kept { newest.removeFirst() }
        }
    }
}
