import CollectorServices
import HTTPAPI
import Model

/// The audit log, newest first, for admins.
struct AuditPage: Sendable {
    let maker: PageMaker
    let agents: AgentsService

    private static let listed = 100

    /// What was done, in the reader's language; an action no catalogue knows is shown as it is stored.
    private static func words(_ action: String, _ texts: PageTexts) -> String {
        let key = action.replacing(".", with: "_").replacing("-", with: "_")
        return texts.word("audit_action." + key, else: action.shownOnOneLine(limit: 64))
    }

    /// Whether a name may be an agent's id.
    private static func isAgent(_ name: String) -> Bool { name.hasPrefix("agent-") }

    /// Whom or what a line names: an agent by its host, an alarm or incident by its number.
    private static func name(_ stored: String, _ hosts: [String: String], _ texts: PageTexts) -> AuditModel.Name {
        let whole = stored.shownOnOneLine(limit: 120)
        if let host = hosts[stored] {
            return .init(shown: host.shownOnOneLine(limit: 120), stored: whole, path: Site.agent(stored))
        }
        let parts = stored.split(separator: " ")
        guard parts.count == 2, let number = parts.last.flatMap({ Int64($0) }) else {
            return .init(shown: whole, stored: whole)
        }
        switch parts.first {
        case "alarm":
            return .init(
                shown: texts.text("audit.alarm", ["number": String(number)]), stored: whole, path: Site.alarm(number))
        case "incident":
            return .init(
                shown: texts.text("audit.incident", ["number": String(number)]), stored: whole,
                path: Site.incident(number))
        default: return .init(shown: whole, stored: whole)
        }
    }

    var all: [Route] {
        [
            maker.page(Site.audit, .admin) { asked in
                try asked.request.only("after")
                let found = try await agents.audit(before: try asked.request.after(), limit: Self.listed)
                let ids = found.flatMap { [$0.who, $0.target] }.filter(Self.isAgent)
                let hosts = try await agents.hostnames(of: Set(ids))
                let lines = found.map {
                    AuditModel.Line(
                        time: Moment($0.time), who: Self.name($0.who, hosts, asked.texts),
                        action: Self.words($0.action, asked.texts), stored: $0.action.shownOnOneLine(limit: 64),
                        target: Self.name($0.target, hosts, asked.texts),
                        detail: asked.texts.said($0.detail))
                }
                let next =
                    found.count == Self.listed
                    ? found.last.map { Site.path(Site.audit, [("after", String($0.id))]) } : nil
                return Page(
                    AuditView.view, title: asked.text("frame.audit"), place: .audit,
                    model: AuditModel(lines: lines, next: next))
            }
        ]
    }
}
