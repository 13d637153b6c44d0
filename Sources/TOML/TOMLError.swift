/// Why a configuration text was refused, and where: one line, `file:line:column: what; what to do`.
public struct TOMLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file as the caller named it.
    public var file: String
    /// Where in the file.
    public var position: TOMLPosition
    /// What is wrong.
    public var problem: Problem

    /// An error at a place.
    public init(file: String, position: TOMLPosition, problem: Problem) {
        self.file = file
        self.position = position
        self.problem = problem
    }

    /// What can be wrong with a configuration text.
    public enum Problem: Hashable, Sendable {
        /// The file cannot be read; the text is the system's reason.
        case unreadable(String)
        /// Larger than the limit in bytes.
        case tooLarge(limit: Int)
        /// Not TOML; the text is the parser's reason.
        case syntax(String)
        /// A key of more than the limit in bytes.
        case nameTooLong(limit: Int)
        /// A key that nobody reads.
        case unknownKey(String, accepted: [String])
        /// A key that must stand here does not.
        case missingKey(String)
        /// A value of another kind than the key takes.
        case wrongType(key: String, expected: String, found: String)
        /// A value of the right kind outside of what the key takes; `accepted` says what it takes.
        case refused(key: String, found: String, accepted: String)
    }

    /// The one line.
    public var description: String { "\(shown(file, limit: 1024)):\(position): \(problem)" }
}

extension TOMLError.Problem: CustomStringConvertible {
    /// What is wrong and what to do, without the place.
    public var description: String {
        switch self {
        case .unreadable(let reason): "cannot be read: \(shown(reason)); check the path and its mode"
        case .tooLarge(let limit): "larger than \(limit) bytes; split or shorten the file"
        case .syntax(let reason): "not valid TOML: \(shown(reason, limit: 300)); correct this place"
        case .nameTooLong(let limit): "a key is longer than \(limit) bytes; shorten it"
        case .unknownKey(let key, let accepted):
            "unknown key \"\(shown(key))\"; accepted: \(accepted.isEmpty ? "none" : accepted.joined(separator: ", "))"
        case .missingKey(let key): "missing key \"\(shown(key))\"; add it"
        case .wrongType(let key, let expected, let found):
            "\"\(shown(key))\" is \(found); write \(expected)"
        case .refused(let key, let found, let accepted):
            "\"\(shown(key))\" is \(shown(found)); write \(accepted)"
        }
    }
}

/// A place in a text: line and column, both counted from 1, the column in Unicode scalars.
public struct TOMLPosition: Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    public var line: Int
    /// The column, from 1.
    public var column: Int

    /// A place.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// `line:column`
    public var description: String { "\(line):\(column)" }
}

/// Foreign text as it may stand in a one-line message: control and invisible scalars escaped, cut at `limit` scalars.
func shown(_ text: String, limit: Int = 80) -> String {
    var result = ""
    var count = 0
    for scalar in text.unicodeScalars {
        if count == limit { return result + "…" }
        count += 1
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
            result += "\\u{" + String(scalar.value, radix: 16) + "}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
