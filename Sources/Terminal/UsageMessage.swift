import ArgumentParser

/// What the argument parser found wrong, in one line that names the help of the very command.
public enum UsageMessage {
    /// `line` for an error of the parser of `root`: what, and where to look.
    public static func line(_ error: any Error, of root: any ParsableCommand.Type, program: String) -> String {
        let whole = root.fullMessage(for: error)
        var help = "\(program) --help"
        if let start = whole.range(of: "See '"), let end = whole[start.upperBound...].firstIndex(of: "'") {
            help = String(whole[start.upperBound..<end])
        }
        let message = root.message(for: error).split(separator: "\n").joined(separator: "; ")
        return oneLine(message) + "; see: " + help
    }
}

extension String {
    /// Where `part` stands first, byte by byte.
    fileprivate func range(of part: String) -> Range<String.Index>? {
        let wanted = Array(part.utf8)
        var start = utf8.startIndex
        while start != utf8.endIndex {
            if utf8[start...].starts(with: wanted) {
                return start..<utf8.index(start, offsetBy: wanted.count)
            }
            start = utf8.index(after: start)
        }
        return nil
    }
}
