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

    var all: [Route] {
        [
            maker.page(Site.audit, .admin) { asked in
                try asked.request.only("after")
                let found = try await agents.audit(before: try asked.request.after(), limit: Self.listed)
                let lines = found.map {
                    AuditModel.Line(
                        time: Moment($0.time), who: $0.who.shownOnOneLine(limit: 64),
                        action: Self.words($0.action, asked.texts), stored: $0.action.shownOnOneLine(limit: 64),
                        target: $0.target.shownOnOneLine(limit: 120),
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
