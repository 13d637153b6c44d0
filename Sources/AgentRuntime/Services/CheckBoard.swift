import Model

/// The last result of each check, and which are worth a report of their own.
///
/// A change of state and each of the first ten failures in a row are pushed at once; the rest goes together.
actor CheckBoard {
    private let reporter: Reporter
    private var last: [String: CheckResult] = [:]
    private var waiting: Set<String> = []

    /// A board that hands over to `reporter`.
    init(reporter: Reporter) { self.reporter = reporter }

    /// How often in a row the check has failed.
    func failuresInRow(_ check: String) -> Int { last[check]?.failuresInRow ?? 0 }

    /// Takes a result; `isAsked` when the collector waits for it.
    func take(_ result: CheckResult, isAsked: Bool = false) async {
        let isNew = last[result.check]?.state != result.state
        last[result.check] = result
        if isNew || isAsked || result.state != .ok && result.failuresInRow <= 10 {
            waiting.remove(result.check)
            await reporter.checked([result])
        } else {
            waiting.insert(result.check)
        }
    }

    /// Reports the last result of every check.
    func restate() async {
        waiting = []
        await reporter.checked(last.keys.sorted().compactMap { last[$0] })
    }

    /// Reports everything that was not worth a report of its own.
    func flush() async {
        let results = waiting.sorted().compactMap { last[$0] }
        waiting = []
        await reporter.checked(results)
    }
}
