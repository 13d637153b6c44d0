import Glibc
import LinuxSystem
import Model
import TOML

/// Whether lines of a log say what they should not, so many of them in a time.
///
/// The log is read from where the last run ended, through rotation by renaming and by copying and emptying; the place is kept over
/// restarts. What is there when the check first runs does not count. One run looks at so many bytes; of a log that grows faster the
/// oldest lines are passed over, counted and told.
public struct LogCheck: HostCheck {
    /// `log`
    public static let kind = "log"
    private let path: String
    private let patterns: [LinePattern]
    private let exceptions: [LinePattern]
    private let matches: Int
    private let within: Duration
    private let level: Level
    private let looks = OneLook()
    private let follower = LogFollower()

    /// What lines mean.
    private enum Level: String, CaseIterable { case warning, critical }

    /// Reads `path` (absolute), `lines` and `except` (texts with `*`), `ignore_case`, `matches` (default 1), `within` (default 10 min)
    /// and `level` (default critical).
    public init(settings: TOMLTable) throws(TOMLError) {
        path = try settings.requiredString("path")
        guard path.hasPrefix("/"), path.utf8.last != UInt8(ascii: "/"), !path.utf8.contains(UInt8(ascii: "*")) else {
            throw settings.refusal("path", found: "\"\(path)\"", accepted: "the absolute path of one file")
        }
        let lines = try settings.strings("lines", maxBytes: 512) ?? []
        let except = try settings.strings("except", maxBytes: 512) ?? []
        let ignoresCase = try settings.bool("ignore_case") ?? false
        guard !lines.isEmpty else { throw settings.missing("lines") }
        patterns = try LogCheck.patterns(lines, "lines", ignoresCase, settings)
        exceptions = try LogCheck.patterns(except, "except", ignoresCase, settings)
        matches = try settings.int("matches", in: 1...1_000_000) ?? 1
        within = try settings.duration("within", in: .seconds(1) ... .seconds(7 * 86_400)) ?? .seconds(600)
        level = try settings.choice("level", among: Level.self) ?? .critical
    }

    private static func patterns(
        _ texts: [String], _ key: String, _ ignoresCase: Bool, _ settings: TOMLTable
    ) throws(TOMLError) -> [LinePattern] {
        guard texts.count <= 50 else {
            throw settings.refusal(key, found: "\(texts.count) texts", accepted: "at most 50")
        }
        var patterns: [LinePattern] = []
        for text in texts {
            guard let pattern = LinePattern(text, ignoresCase: ignoresCase) else {
                throw settings.refusal(key, found: "\"\(text)\"", accepted: "a text with more than * in it")
            }
            patterns.append(pattern)
        }
        return patterns
    }

    /// The host on which it looks.
    public var defaultSubject: Subject { .host }

    /// Reads what was added since the last run.
    public func run(_ context: CheckContext) async -> CheckFinding {
        let found = await looks.run(within: context.timeout) { look(context) }
        return found ?? CheckFinding(.unknown, shown("the file system does not answer"))
    }

    private func look(_ context: CheckContext) -> CheckFinding {
        let root = SystemRoot(path: context.root)
        let moment = LogFollower.Moment(boot: root.line("/proc/sys/kernel/random/boot_id") ?? "", second: sinceBoot())
        let news = follower.news(root.prefix + path, memory: context.memory, at: moment, within: within) { line in
            patterns.contains { $0.fits(line) } && !exceptions.contains { $0.fits(line) }
        }
        if let problem = news.problem { return CheckFinding(.unknown, shown(problem)) }
        let samples = [
            Sample(SeriesName("muster.log.matches"), Double(news.matches)),
            Sample(SeriesName("muster.log.missed"), Double(news.missed)),
        ]
        let state: CheckState = news.matches < matches ? .ok : level == .warning ? .warning : .critical
        return CheckFinding(state, shown(text(news)), samples: samples)
    }

    private func text(_ news: LogFollower.News) -> String {
        let number = news.matches == 0 ? "no" : String(news.matches)
        var text = "\(number) matching \(news.matches < 2 ? "line" : "lines") in \(spoken(within))"
        if let last = news.lastLine { text += ": \(last)" }
        if news.missed > 0 { text += " (\(news.missed) lines not looked at, the log grows too fast)" }
        if let note = news.note { text += " (\(note))" }
        return text
    }

    private func shown(_ text: String) -> String { "log \(path): \(text)".shownOnOneLine(limit: 400) }
}

/// Seconds since the machine started, suspension counted: nobody can set this clock.
private func sinceBoot() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_BOOTTIME, &now)
    return Int64(now.tv_sec)
}
