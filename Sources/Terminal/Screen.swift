import Glibc

/// What stands behind a descriptor: a terminal with so many columns and lines, or a file, a pipe, another program.
public enum Screen {
    /// Tells the C library that text is UTF-8, which the widths of characters follow; call it once at the start.
    public static func prepare() { setlocale(LC_CTYPE, "C.UTF-8") }

    /// Whether people look at the descriptor.
    public static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Columns and lines of the terminal; nil when there is none, or when it does not tell.
    public static func size(_ descriptor: Int32) -> (columns: Int, lines: Int)? {
        var size = winsize()
        guard isTerminal(descriptor), ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Writes all of `text`; false when nobody reads any more.
    @discardableResult
    public static func write(_ text: String, to descriptor: Int32) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
