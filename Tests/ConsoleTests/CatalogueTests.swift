import CollectorServices
import Foundation
import Model
import ServiceDesk
import TOML
import Testing

@testable import Console

@Suite("Texts of pages")
struct CatalogueTests {
    static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    static func languages() throws -> PageLanguages {
        try PageLanguages.load(directory: root + "/collector-config/strings")
    }

    @Test("Every text a template names is in the catalogues")
    func templates() throws {
        let keys = Set(try Self.languages()["en"].keys)
        var named = 0
        for view in Views.all {
            for match in view.template.matches(of: /\bt\.([a-z_]+)\.([a-z_]+)/) {
                named += 1
                #expect(keys.contains("\(match.1).\(match.2)"), "\(view.name): \(match.0)")
            }
        }
        #expect(named > 20)
    }

    @Test("Every text the code names is in the catalogues")
    func code() throws {
        let keys = Set(try Self.languages()["en"].keys)
        let files = try #require(FileManager.default.enumerator(atPath: Self.root + "/Sources/Console"))
        var named = 0
        for case let file as String in files where file.hasSuffix(".swift") {
            let source = try String(contentsOfFile: Self.root + "/Sources/Console/" + file, encoding: .utf8)
            for match in source.matches(of: /text\(\s*"([a-z_]+\.[a-z_]+)"\s*[,)]/) {
                named += 1
                #expect(keys.contains(String(match.1)), "\(file): \(match.1)")
            }
        }
        #expect(named > 20)
    }

    @Test("Every fact that agents state of hosts and devices has a word", arguments: ["Inventory", "Devices"])
    func facts(target: String) throws {
        let keys = Set(try Self.languages()["en"].keys)
        let files = try #require(FileManager.default.enumerator(atPath: Self.root + "/Sources/" + target))
        var named = 0
        for case let file as String in files where file.hasSuffix(".swift") {
            let source = try String(contentsOfFile: Self.root + "/Sources/\(target)/" + file, encoding: .utf8)
            for match in source.matches(
                of: /facts(?:\.(?:text|number|real|flag|list|ordered)\(\s*|\[(?:[a-z]+: )?)"([a-z][a-z0-9_]*)"/)
            {
                named += 1
                #expect(keys.contains("fact.\(match.1)"), "\(file): \(match.1)")
            }
        }
        #expect(named > 50)
    }

    @Test("Every word for a state, severity, role and place is in the catalogues")
    func words() throws {
        let keys = Set(try Self.languages()["zh-Hans"].keys)
        let words =
            Severity.allCases.map { "severity." + $0.rawValue }
            + AlarmState.allCases.map { "alarm_state." + $0.rawValue }
            + IncidentState.allCases.map { "incident_state." + $0.rawValue.replacing("-", with: "_") }
            + CIState.allCases.map { "ci_state." + $0.rawValue } + UserRole.allCases.map { "role." + $0.rawValue }
            + TimelineKind.allCases.map { "timeline_kind." + $0.rawValue }
            + UntoldReason.allCases.map { "incident.untold_" + $0.rawValue }
            + MetricGroup.allCases.map { "ci_metrics.group_" + $0.rawValue }
            + Page.Place.allCases.map { "frame." + $0.rawValue }
        for word in words { #expect(keys.contains(word), "\(word)") }
    }

    @Test("Pages, mails, API and command line name severities and urgencies with one set of words")
    func oneSet() throws {
        for language in PageLanguages.tags {
            let texts = try Self.languages()[language]
            let mails = try StringCatalogue.load(
                directory: Self.root + "/collector-config/strings", language: language)
            for severity in Severity.allCases {
                #expect(texts.text("severity." + severity.rawValue) == mails.word(severity))
                // English pages use the API's and the command line's own words.
                if language == "en" { #expect(mails.word(severity) == severity.rawValue) }
            }
            for state in IncidentState.allCases { #expect(Badge(state, texts).label == mails.word(state)) }
            for grade in Grade.allCases {
                #expect(texts.text("word." + grade.word) == mails.word(grade))
                if language == "en" { #expect(mails.word(grade) == grade.word) }
            }
            let urgent = texts.text("overview.urgent", texts.severities.merging(["count": "3"]) { $1 })
            #expect(urgent.contains(mails.word(.critical)) && urgent.contains(mails.word(.major)))
            for (key, severities) in [
                ("services.rule", [.critical, .major, .warning]), ("alarm.not_paged_info", [.info]),
            ] as [(String, [Severity])] {
                let marked = texts.text(key, texts.severities.mapValues { "<" + $0 + ">" })
                for severity in severities { #expect(marked.contains("<" + mails.word(severity) + ">"), "\(key)") }
            }
        }
    }

    @Test("No text is left over: each is named by a template or by code")
    func leftOver() throws {
        var sources = Views.all.map(\.template).joined()
        let files = try #require(FileManager.default.enumerator(atPath: Self.root + "/Sources/Console"))
        for case let file as String in files where file.hasSuffix(".swift") {
            sources += try String(contentsOfFile: Self.root + "/Sources/Console/" + file, encoding: .utf8)
        }
        for key in try Self.languages()["en"].keys {
            let table = key.split(separator: ".")[0]
            let isNamed =
                sources.contains(key) || sources.contains("\"\(table).\"") || sources.contains("\"\(table).language_\"")
                || sources.contains(
                    "\"\(table)." + (key.split(separator: ".")[1].split(separator: "_").first ?? "") + "_\"")
            #expect(isNamed, "\(key)")
        }
    }

    @Test("A text about one thing stands beside the one about many, and is taken for one only")
    func singular() throws {
        let english = try Self.languages()["en"]
        let many = Set(english.keys)
        for key in english.singularKeys { #expect(many.contains(String(key.dropLast(PageTexts.one.count))), "\(key)") }
        #expect(english.text("services.incidents", ["count": "1"]) == "1 incident")
        #expect(english.text("services.incidents", ["count": "21"]) == "21 incidents")
        #expect(try Self.languages()["zh-Hans"].text("services.incidents", ["count": "1"]).contains("1"))
    }

    @Test(
        "The language follows the person, then the browser",
        arguments: [
            (nil, nil, "en"), (nil, "zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"), (nil, "en-GB,en;q=0.7,zh;q=0.3", "en"),
            ("zh-Hans", "en", "zh-Hans"), ("xx", "zh", "zh-Hans"), (nil, "fr, de;q=0.9", "en"),
            (nil, "zh;q=0, en", "en"), (nil, ";;,=,q=;q=nan", "en"), (nil, "ZH-hant-TW", "zh-Hans"),
        ] as [(String?, String?, String)])
    func choice(user: String?, accept: String?, expected: String) throws {
        #expect(try Self.languages().choose(user: user, accept: accept).language == expected)
    }
}
