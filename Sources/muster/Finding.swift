import Terminal

/// One thing the doctor looked at.
struct Finding {
    /// What it is about.
    var area: String
    /// `ok`, `warning` or `error`.
    var level: String
    /// What was found.
    var text: String
    /// What to do; empty where nothing is to be done.
    var next = ""

    /// The finding as the collector writes it.
    var json: JSONValue {
        .object(["area": .text(area), "level": .text(level), "text": .text(text), "next": .text(next)])
    }

    /// One line, and one more with what to do; never cut, because that is why people look.
    func text(_ layout: Layout) -> String {
        let word = level.uppercased()
        let painted = layout.hasColour ? (Colour.of(level)?.paint(word) ?? word) : word
        let head = painted + String(repeating: " ", count: max(1, 9 - word.utf8.count))
        let about = area + String(repeating: " ", count: max(1, 15 - area.utf8.count))
        return head + about + oneLine(text) + "\n" + (next.isEmpty ? "" : "         do: " + oneLine(next) + "\n")
    }
}
