/// Why a command ended without doing its work: one line.
struct CommandError: Error, CustomStringConvertible {
    /// What, where, what to do.
    let description: String
    /// True when the command itself was wrong (exit 2), false when it failed (exit 1).
    let isUsage: Bool

    init(_ description: String, isUsage: Bool = false) {
        self.description = description
        self.isUsage = isUsage
    }
}

/// Foreign text as it may stand in one line of a terminal: control and invisible scalars escaped (threats M10).
func oneLine(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
            result += "\\u{" + String(scalar.value, radix: 16) + "}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
