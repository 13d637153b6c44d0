import Model
import TOML

/// A rule with the cases that prove it, as one file holds them.
public struct RuleFile: Sendable {
    /// The rule.
    public var rule: AlarmRule
    /// Its cases.
    public var cases: [RuleTestCase]

    /// Reads `path`; the rule takes the file's name without `.toml`.
    /// - Throws: `TOMLError` with file, line and what is accepted.
    public static func load(_ path: String) throws(TOMLError) -> RuleFile {
        try read(try TOMLDocument.load(path), path: path)
    }

    /// Reads the text of a file called `path`.
    public static func parse(_ text: String, path: String) throws(TOMLError) -> RuleFile {
        try read(try TOMLDocument.parse(text, file: path), path: path)
    }

    /// Reads all `*.toml` files directly in `directory`, in order of name; none where there is no such directory.
    public static func loadAll(in directory: String) throws(TOMLError) -> [RuleFile] {
        var files: [RuleFile] = []
        for path in try TOMLDocument.files(in: directory) { files.append(try load(path)) }
        return files
    }

    static func read(_ table: TOMLTable, path: String) throws(TOMLError) -> RuleFile {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let rule = try AlarmRule(from: table, name: name.hasSuffix(".toml") ? String(name.dropLast(5)) : name)
        var cases: [RuleTestCase] = []
        for test in try table.tables("test") { cases.append(try RuleTestCase(from: test)) }
        for (language, texts) in rule.translations where texts.cases.count != cases.count {
            throw table.refusal(
                "translation", found: "\(texts.cases.count) names of cases in \(language)",
                accepted: "one for each [[test]], which are \(cases.count)")
        }
        try table.finish()
        return RuleFile(rule: rule, cases: cases)
    }
}

extension RuleSet {
    /// The rules of all files in `directory`.
    /// - Throws: `TOMLError` for the first file that is wrong.
    public static func load(directory: String) throws(TOMLError) -> RuleSet {
        RuleSet(try RuleFile.loadAll(in: directory).map(\.rule))
    }
}
