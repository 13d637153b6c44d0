import Glibc
import Model
import Terminal

/// Draws answers over each other on a terminal, one below the other elsewhere.
struct WatchFrames {
    let format: OutputFormat
    private var isFirst = true
    private var last = ""

    init(format: OutputFormat) { self.format = format }

    /// A new answer.
    mutating func show(_ text: String, interval: Int) {
        guard let size = Screen.size(STDOUT_FILENO) else {
            write((isFirst ? "" : separator) + text)
            isFirst = false
            return
        }
        last = text
        draw("every \(interval) s, \(Self.clock()); Ctrl-C ends", size)
    }

    /// No answer: what was seen last stays, and the line above says why.
    mutating func complain(_ text: String) {
        if let size = Screen.size(STDOUT_FILENO) {
            draw(oneLine(text), size)
        } else {
            write("muster: " + oneLine(text) + "\n", to: STDERR_FILENO)
        }
    }

    /// The lines of a frame: a head, then as much of the text as fits below it.
    static func lines(_ head: String, _ text: String, columns: Int, lines: Int) -> [String] {
        let all = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
        let room = max(1, lines - 2)
        guard all.count > room else { return [shortened(head, to: columns)] + all }
        let hidden = all.count - (room - 1)
        return [shortened(head, to: columns)] + all.prefix(room - 1) + ["… \(hidden) more lines"]
    }

    private var separator: String {
        format == .table ? "---- \(Self.clock())\n" : format == .csv ? "\r\n" : "\n"
    }

    private func draw(_ head: String, _ size: (columns: Int, lines: Int)) {
        let lines = Self.lines(head, last, columns: size.columns, lines: size.lines > 0 ? size.lines : 24)
        write("\u{1b}[H" + lines.map { $0 + "\u{1b}[K\r\n" }.joined() + "\u{1b}[J")
    }

    private static func clock() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec)).rfc3339.prefix(19) + "Z"
    }
}
