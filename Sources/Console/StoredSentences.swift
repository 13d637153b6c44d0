import Alarms
import Model
import ServiceDesk
import TOML

/// The sentences of a catalogue that are stored once they were written: those of the service desk, and under `said`
/// those of checks, alarms' moves and channels, whose English the programs write themselves.
enum StoredSentences {
    /// Tables of which sentences are stored.
    private static let tables = ["timeline", "word", "severity", "incident_state", "said"]

    /// The key of how incidents are called.
    static let title = "incident.title"

    /// What kind of sentence the template called `key` gives.
    static func kind(of key: String) -> Phrasebook.Kind {
        if key == "timeline.field_changed" { return .field }
        let holders = ["timeline.", "said.move_"]
        return holders.contains { key.utf8.starts(with: $0.utf8) } ? .timeline : .said
    }

    /// Templates by `TABLE.NAME`.
    static func read(_ root: TOMLTable) throws(TOMLError) -> [String: TextTemplate] {
        var sentences: [String: TextTemplate] = [:]
        for section in tables {
            let table = try root.requiredTable(section)
            for name in table.keys { sentences[section + "." + name] = try template(name, table) }
        }
        for (section, name) in [("incident", "title"), ("notification", "silenced")] {
            sentences[section + "." + name] = try template(name, try root.requiredTable(section))
        }
        return sentences
    }

    private static func template(_ name: String, _ table: TOMLTable) throws(TOMLError) -> TextTemplate {
        do {
            return try TextTemplate(try table.requiredString(name), accepting: places)
        } catch let error as TOMLError {
            throw error
        } catch {
            throw table.refusal(name, found: "wrong: \(error)", accepted: "a template")
        }
    }

    /// Names a sentence may use as places.
    private static let places =
        TextKey.names + [
            "count", "data", "detail", "expected", "limit", "message", "note", "path", "problem", "rest", "seconds",
            "span", "status", "target", "total", "value",
        ]
}
