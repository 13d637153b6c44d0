import Model

/// A word with a colour: a state, a severity, a priority. The word alone says it, too.
struct Badge: Sendable {
    /// `ok`, `info`, `warning`, `major`, `critical`, `quiet`: a class of the style sheet.
    var tone: String
    /// The word in the reader's language.
    var label: String

    /// A badge.
    init(tone: String, label: String) {
        self.tone = tone
        self.label = label
    }

    /// An alarm's severity.
    init(_ severity: Severity, _ texts: PageTexts) {
        self.init(tone: severity.rawValue, label: texts.text("severity." + severity.rawValue))
    }

    /// An alarm's state; one that fires has the tone of its severity.
    init(_ state: AlarmState, _ severity: Severity, _ texts: PageTexts) {
        let tone =
            switch state {
            case .firing: severity.rawValue
            case .pending, .acknowledged: "info"
            case .cleared: "ok"
            }
        self.init(tone: tone, label: texts.text("alarm_state." + state.rawValue))
    }

    /// What a check found.
    init(_ state: CheckState, _ texts: PageTexts) {
        let tones: [CheckState: String] = [.ok: "ok", .warning: "warning", .critical: "critical"]
        self.init(tone: tones[state] ?? "quiet", label: texts.text("check_state." + state.rawValue))
    }

    /// A CI's state. That it is in use is no sign that it is well: it has no colour of its own.
    init(_ state: CIState, _ texts: PageTexts) {
        self.init(tone: "quiet", label: texts.text("ci_state." + state.rawValue))
    }

    /// An incident's state; one that nobody has but somebody acknowledged is known, and no longer new to anybody.
    init(_ state: IncidentState, isAcknowledged: Bool = false, _ texts: PageTexts) {
        if state == .new, isAcknowledged {
            self.init(tone: "info", label: texts.text("incidents.new_acknowledged"))
            return
        }
        let tone =
            switch state {
            case .new: "major"
            case .assigned, .inProgress, .pending: "info"
            case .resolved, .closed: "ok"
            }
        self.init(
            tone: tone, label: texts.text("incident_state." + state.rawValue.replacing("-", with: "_")))
    }

    /// An incident's priority.
    init(_ priority: Priority) {
        let tones = ["critical", "major", "warning", "info", "quiet"]
        self.init(tone: tones[priority.rawValue - 1], label: "P\(priority.rawValue)")
    }
}

enum BadgeView {
    static let view = View("badge", #"<span class="badge {{tone}}">{{label}}</span>"#)
}
