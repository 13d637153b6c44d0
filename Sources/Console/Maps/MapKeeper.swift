/// Drawings that a page does not wait for: what takes longer is drawn behind it, and until then the page has the drawing before.
actor MapKeeper {
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
    private var running: Set<[UInt8]> = []
    /// What came of the newest sources, the newest last.
    private var results: [(source: [UInt8], result: Result<String, MapDrawer.Failure>)] = []
    /// The newest drawing of each question.
    private var newest: [(question: String, markup: String)] = []
    private var waiting: [Int: (source: [UInt8], continuation: CheckedContinuation<Void, Never>)] = [:]
    private var number = 0

    private static let kept = 16

    /// Drawings by a drawer; a page waits for one as long as `patience`.
    init(_ drawer: MapDrawer, patience: Duration = .milliseconds(80)) {
        self.drawer = drawer
        self.patience = patience
    }

    /// The drawing of a source; `question` is what stays the same when the source changes.
    func drawing(of source: [UInt8], for question: String, label: String) async -> Answer {
        if let known = result(of: source) { return note(known, question) }
        if running.insert(source).inserted { Task { await draw(source, question, label) } }
        await wait(for: source)
        if let known = result(of: source) { return note(known, question) }
        return newest.last { $0.question == question }.map { .before($0.markup) } ?? .coming
    }

    private func draw(_ source: [UInt8], _ question: String, _ label: String) async {
        let result: Result<String, MapDrawer.Failure>
        do {
            result = .success(try await drawer.drawing(of: source, label: label))
        } catch {
            result = .failure(error)
        }
        running.remove(source)
        results.append((source, result))
        if results.count > Self.kept { results.removeFirst() }
        if case .success(let markup) = result {
            newest.removeAll { $0.question == question }
            newest.append((question, markup))
            if newest.count > Self.kept { newest.removeFirst() }
        }
        for (number, waiter) in waiting where waiter.source == source { release(number) }
    }

    private func result(of source: [UInt8]) -> Result<String, MapDrawer.Failure>? {
        results.last { $0.source == source }?.result
    }

    /// A failure is told once for each time it was tried; the next page tries again.
    private func note(_ result: Result<String, MapDrawer.Failure>, _ question: String) -> Answer {
        switch result {
        case .success(let markup): return .drawn(markup)
        case .failure(let failure):
            results.removeAll { if case .failure = $0.result { true } else { false } }
            return .failed(failure)
        }
    }

    /// Returns when the source is drawn or patience has ended.
    private func wait(for source: [UInt8]) async {
        let mine = number
        number += 1
        let timer = Task { [patience] in
            try? await Task.sleep(for: patience)
            release(mine)
        }
        await withCheckedContinuation { waiting[mine] = (source, $0) }
        timer.cancel()
    }

    private func release(_ number: Int) { waiting.removeValue(forKey: number)?.continuation.resume() }
}
