/// Why a command ended without doing its work: one line.
struct CommandError: Error, CustomStringConvertible {
    /// What, where, what to do.
    let description: String
    /// True when the command itself was wrong (exit 2), false when it failed (exit 1).
    let isUsage: Bool
    /// True when the same may succeed a little later: the collector is away or has too much to do.
    let isPassing: Bool
    /// Seconds that the collector asked to wait; nil when it did not say.
    let retryAfter: Int?

    init(_ description: String, isUsage: Bool = false, isPassing: Bool = false, retryAfter: Int? = nil) {
        self.description = description
        self.isUsage = isUsage
        self.isPassing = isPassing
        self.retryAfter = retryAfter
    }

    /// What is wrong, and what to do: the line's parts before and behind its first semicolon.
    var parts: (what: String, next: String) {
        guard let mark = description.utf8.firstIndex(of: UInt8(ascii: ";")) else { return (description, "") }
        let rest = description[description.utf8.index(after: mark)...]
        return (String(description[..<mark]), String(rest.drop { $0 == " " }))
    }
}
