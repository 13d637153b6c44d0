import ArgumentParser
import Glibc

/// When output is coloured.
public enum ColourChoice: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// On a terminal, unless the environment has `NO_COLOR` (no-color.org) or the terminal is a dumb one.
    case auto
    /// Even into a pipe.
    case always
    /// Not at all.
    case never

    /// Whether output to the descriptor is coloured.
    public func isOn(_ descriptor: Int32) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .auto:
            Screen.isTerminal(descriptor) && value("NO_COLOR").isEmpty && value("TERM") != "dumb"
        }
    }

    private func value(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
}

/// The few colours that Muster uses, by what they mean (ECMA-48 SGR).
public enum Colour: String, Sendable {
    /// Lost: needs somebody now.
    case critical = "1;31"
    /// Broken.
    case bad = "31"
    /// Needs work soon.
    case warning = "33"
    /// Worth knowing, or somebody has it.
    case note = "36"
    /// In order.
    case good = "32"
    /// Past.
    case past = "2"

    /// The text in this colour.
    public func paint(_ text: String) -> String { "\u{1b}[" + rawValue + "m" + text + "\u{1b}[0m" }

    /// The colour of a state, severity or outcome; nil for words without one.
    public static func of(_ word: String) -> Colour? { meanings[word] }

    private static let meanings: [String: Colour] = [
        "critical": .critical, "major": .bad, "warning": .warning, "info": .note,
        "firing": .bad, "pending": .warning, "acknowledged": .note, "cleared": .good,
        "new": .bad, "assigned": .warning, "in-progress": .warning, "resolved": .good, "closed": .past,
        "live": .good, "silent": .bad, "revoked": .past, "vanished": .warning, "retired": .past,
        "success": .good, "failure": .bad, "failed": .bad, "truncated": .warning, "no-data": .past,
        "delivered": .good, "waiting": .warning, "suppressed": .past, "ok": .good, "error": .bad,
    ]
}
