import Model

/// The last result of each check, and which are worth a report of their own.
///
/// A change of state and each of the first ten failures in a row are pushed at once; the rest goes together, and with it the
/// newest values that checks measured.
actor CheckBoard {
    private let reporter: Reporter
    private var last: [String: CheckResult] = [:]
    private var waiting: Set<String> = []
    private var measured: [String: (subject: Subject, samples: [Sample])] = [:]
    private var gone: Set<String> = []

    /// A board that hands over to `reporter`.
    init(reporter: Reporter) { self.reporter = reporter }

    /// How often in a row the check has failed.
    func failuresInRow(_ check: String) -> Int { last[check]?.failuresInRow ?? 0 }

    /// Takes a result and what was measured on the way; `isAsked` when the collector waits for it.
    func take(_ result: CheckResult, _ samples: [Sample] = [], isAsked: Bool = false) async {
        // A run that was under way when its check was taken away.
        guard !gone.contains(result.check) else { return }
        if !samples.isEmpty { measured[result.check] = (result.subject, samples) }
        let isNew = last[result.check]?.state != result.state
        last[result.check] = result
        if isNew || isAsked || result.state != .ok && result.failuresInRow <= 10 {
            waiting.remove(result.check)
            await reporter.checked([result])
        } else {
            waiting.insert(result.check)
        }
    }

    /// Checks of these names are made.
    func admit(_ checks: some Sequence<String>) { gone.subtract(checks) }

    /// Checks of these names are not made any more, which is told of those that were.
    func withdraw(_ checks: some Sequence<String>) async {
        var told: [CheckResult] = []
        for check in checks {
            gone.insert(check)
            waiting.remove(check)
            measured[check] = nil
            guard var result = last.removeValue(forKey: check) else { continue }
            result.state = .unknown
            result.message = CheckBoard.gone
            result.failuresInRow = 0
            result.isWithdrawn = true
            told.append(result)
        }
        await reporter.checked(told)
    }

    /// What is said of a check that is not made any more; the console has it in the reader's language.
    static let gone = "not checked any more"

    /// Reports the last result of every check.
    func restate() async {
        waiting = []
        await reporter.checked(last.keys.sorted().compactMap { last[$0] })
    }

    /// Reports everything that was not worth a report of its own.
    func flush() async {
        let results = waiting.sorted().compactMap { last[$0] }
        waiting = []
        let values = measured
        measured = [:]
        await reporter.checked(results)
        var bySubject: [Subject: [Sample]] = [:]
        for check in values.keys.sorted() {
            guard let (subject, samples) = values[check] else { continue }
            bySubject[subject, default: []] += samples
        }
        for (subject, samples) in bySubject { await reporter.measured(samples, subject: subject) }
    }
}
