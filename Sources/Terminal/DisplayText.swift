import CLinux

/// Foreign text as it may stand in one line of a terminal: control and invisible scalars escaped (threats M10).
public func oneLine(_ text: String) -> String {
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

/// How many columns of a terminal the text takes: two for the wide characters of East Asian scripts, none for marks
/// that stand on the character before (wcwidth(3)).
public func displayWidth(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + columns(of: $1) } }

/// The text in at most `width` columns; what does not fit gives way to an ellipsis.
public func shortened(_ text: String, to width: Int) -> String {
    guard displayWidth(text) > width else { return text }
    guard width > 0 else { return "" }
    var result = ""
    var used = 0
    for scalar in text.unicodeScalars {
        let columns = columns(of: scalar)
        guard used + columns <= width - 1 else { break }
        used += columns
        result.unicodeScalars.append(scalar)
    }
    return result + "…"
}

private func columns(of scalar: Unicode.Scalar) -> Int {
    if scalar.isASCII { return 1 }
    let known = muster_character_width(scalar.value)
    return known < 0 ? 1 : Int(known)
}
