import Model
import TOML

/// The texts of one language, loaded at start from `strings/LANGUAGE.toml`.
public struct StringCatalogue: Sendable {
    /// The language's tag, e.g. `en`, `zh-Hans`.
    public let language: String
    private let texts: [TextKey: TextTemplate]

    /// Reads `LANGUAGE.toml` in `directory`: every key of ``TextKey`` and no other.
    /// - Throws: `TOMLError` with file, line and what is accepted.
    public static func load(directory: String, language: String) throws(TOMLError) -> StringCatalogue {
        let path = directory.hasSuffix("/") ? directory : directory + "/"
        return try read(try TOMLDocument.load(path + language + ".toml"), language: language)
    }

    /// Reads the text of a catalogue.
    public static func parse(_ text: String, language: String) throws(TOMLError) -> StringCatalogue {
        try read(try TOMLDocument.parse(text, file: language + ".toml"), language: language)
    }

    /// The text of `key` with its places filled.
    public func text(_ key: TextKey, _ values: [String: String] = [:]) -> String {
        texts[key]?.filled(with: values) ?? key.rawValue
    }

    /// The text of several lines of `key`; line feeds in values stay.
    public func body(_ key: TextKey, _ values: [String: String]) -> String {
        texts[key]?.filledBody(with: values) ?? key.rawValue
    }

    /// The word for a grade.
    public func word(_ grade: Grade) -> String {
        switch grade {
        case .high: text(.wordHigh)
        case .medium: text(.wordMedium)
        case .low: text(.wordLow)
        }
    }

    /// The word for a severity: the one of pages, too.
    public func word(_ severity: Severity) -> String {
        switch severity {
        case .critical: text(.severityCritical)
        case .major: text(.severityMajor)
        case .warning: text(.severityWarning)
        case .info: text(.severityInfo)
        }
    }

    /// The word for an incident's state: the one of pages, too.
    public func word(_ state: IncidentState) -> String {
        switch state {
        case .new: text(.stateNew)
        case .assigned: text(.stateAssigned)
        case .inProgress: text(.stateInProgress)
        case .pending: text(.statePending)
        case .resolved: text(.stateResolved)
        case .closed: text(.stateClosed)
        }
    }

    private static func read(_ root: TOMLTable, language: String) throws(TOMLError) -> StringCatalogue {
        var tables: [String: TOMLTable] = [:]
        var texts: [TextKey: TextTemplate] = [:]
        for key in TextKey.allCases {
            let words = key.rawValue.split(separator: ".").map(String.init)
            guard let section = words.first, let name = words.last else { continue }
            let table: TOMLTable
            if let known = tables[section] {
                table = known
            } else {
                table = try root.requiredTable(section)
                tables[section] = table
            }
            let text = try table.requiredString(name)
            do {
                texts[key] = try TextTemplate(text, accepting: TextKey.names)
            } catch {
                throw table.refusal(name, found: "wrong: \(error)", accepted: "a template")
            }
        }
        // The pages' texts stand in the same file and are read by the console.
        _ = root.contains("console")
        _ = root.contains("said")
        try root.finish()
        return StringCatalogue(language: language, texts: texts)
    }
}
