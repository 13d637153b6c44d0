import ArgumentParser
import Glibc
import Terminal

/// `--watch`: the same answer again and again, until Ctrl-C.
struct Watch: ParsableArguments {
    @Option(
        defaultAsFlag: 2, parsing: .next,
        help: ArgumentHelp(
            "Ask again every so many seconds, 1 to 86400 (2 without a number), until Ctrl-C. A terminal is redrawn in "
                + "place; into a pipe the answers follow each other. Without a number, write it last."))
    var watch: Int?

    func validate() throws {
        guard let watch else { return }
        guard (1...86_400).contains(watch) else {
            throw ValidationError("--watch \(watch): give 1 to 86400 seconds, or nothing for 2")
        }
    }

    /// Writes what `page` gives, once or again and again.
    func show(_ display: Display, _ page: () async throws -> String) async throws {
        guard let watch else {
            write(try await page())
            return
        }
        signal(SIGINT) { _ in _exit(0) }
        var pace = WatchPace(interval: watch)
        var frames = WatchFrames(format: display.format)
        while true {
            do {
                let text = try await page()
                pace.answered()
                frames.show(text, interval: watch)
            } catch let error as CommandError where error.isPassing {
                pace.failed(retryAfter: error.retryAfter)
                frames.complain("\(error.description); next try in \(pace.delay) s")
            }
            try await Task.sleep(for: .seconds(pace.delay))
        }
    }
}
