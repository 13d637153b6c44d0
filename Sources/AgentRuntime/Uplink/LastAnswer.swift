import FoundationEssentials
import Logging
import Model
import Wire

/// The file `last-answer.json`: what the running agent heard last, for `muster-agent status`.
struct LastAnswer: Hashable, Sendable, Codable {
    /// When the collector last acknowledged something.
    var answeredAt: Timestamp?
    /// When an attempt failed last.
    var failedAt: Timestamp?
    /// Why, in one line.
    var failure: String = ""

    /// Reads the file; nil where there is none.
    static func load(_ path: String) -> LastAnswer? {
        guard let bytes = try? DurableFile.read(path, limit: 64 << 10) else { return nil }
        return try? JSONDecoder().decode(LastAnswer.self, from: Data(bytes))
    }
}

/// Keeps ``LastAnswer`` while the agent runs: at once what is news, answer after answer at most each half minute.
actor UplinkRecord: UplinkObserving {
    private let path: String
    private let log: Logger
    private var last: LastAnswer
    private var isSilent = false
    private var written: ContinuousClock.Instant?

    init(path: String, log: Logger) {
        self.path = path
        self.log = log
        last = LastAnswer.load(path) ?? LastAnswer()
    }

    func answered(_ answer: AgentAnswer) {
        last.answeredAt = .now
        if isSilent { log.notice("the collector answers again") }
        let isNews = isSilent
        isSilent = false
        write(force: isNews)
    }

    func failed(_ error: CollectorError) {
        last.failedAt = .now
        last.failure = WireFit.text(error.description, limit: 1024)
        isSilent = true
        write(force: true)
    }

    private func write(force: Bool) {
        let now = ContinuousClock.now
        if !force, let written, now - written < .seconds(30) { return }
        written = now
        do {
            let bytes = try JSONEncoder().encode(last)
            try DurableFile.replace(path, with: Array(bytes), isDurable: false)
        } catch { log.debug("\(path): \(error)") }
    }
}
