import CollectorServices
import HTTPAPI
import Model
import Stores
import Wire

/// The list of agents, and letting one more in.
struct AgentsPages: Sendable {
    let maker: PageMaker
    let agents: AgentsService
    let join: ConsoleServices.Join

    var all: [Route] {
        [
            maker.page(Site.agents) { asked in
                try asked.request.only("text", "standing", "after")
                return try await page(asked, token: nil)
            },
            maker.form("/agents/token", .admin) { asked, form, person in
                let (secret, expires) = try await agents.makeJoinSecret(
                    seconds: Self.life, note: (form["note"] ?? "").shownOnOneLine(limit: 200), by: person.user.name)
                let token = JoinToken(
                    host: join.host, port: join.port, authority: join.authority, secret: secret.text)
                // The token goes in by standard input: on a command line every user of the host could read it.
                let command = "muster-agent enrol --token-file - <<'END'\n\(token.text)\nEND"
                return try await page(asked, token: .init(command: command, expires: Moment(expires)))
            },
        ]
    }

    private static let listed = 50
    /// How long a join token holds, seconds.
    private static let life: Int64 = 3600

    private func page(_ asked: PageRequest, token: AgentsModel.NewToken?) async throws -> Page {
        let request = asked.request
        let text = try request.query("text") ?? ""
        let word = try request.query("standing").flatMap { $0.isEmpty ? nil : $0 }
        let standing = word.flatMap(AgentQuery.Standing.init(rawValue:))
        if word != nil, standing == nil {
            throw ServiceRefusal.invalid(
                "standing must be \(AgentQuery.Standing.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let found = try await agents.find(
            AgentQuery(standing: standing, text: text, after: try request.query("after"), limit: Self.listed))
        var rows: [AgentsModel.Row] = []
        for agent in found { rows.append(Self.row(agent, try await agents.ledger(of: agent), asked.texts)) }
        let model = AgentsModel(
            text: text,
            standings: Choice.menu(
                AgentQuery.Standing.allCases.map { ($0.rawValue, asked.text("agent_standing." + $0.rawValue)) },
                chosen: word, every: asked.text("agents.every")),
            rows: rows,
            next: found.count == Self.listed
                ? found.last.map {
                    Site.path(Site.agents, [("text", text), ("standing", word), ("after", $0.id)])
                } : nil, token: token)
        return Page(AgentsView.view, title: asked.text("frame.agents"), place: .agents, model: model)
    }

    private static func row(
        _ agent: AgentRecord, _ ledgers: [LedgerRecord], _ texts: PageTexts
    ) -> AgentsModel.Row {
        AgentsModel.Row(
            key: agent.id.shownOnOneLine(limit: 80), path: Site.agent(agent.id),
            host: agent.hostname.shownOnOneLine(limit: 120), standing: Badge(agent, texts),
            version: agent.version.shownOnOneLine(limit: 40), heard: Moment(agent.heardAt),
            skew: Quantity.duration(Double(agent.clockSkew) / 1000, texts),
            queue: ledgers.first.map { String($0.waiting) } ?? "0",
            lost: String(ledgers.reduce(UInt64(0)) { $0.addingReportingOverflow($1.gaps).partialValue }))
    }
}

extension LedgerRecord {
    /// What must still be in the agent's spool: enqueued without stored, refused and lost; never below zero.
    var waiting: UInt64 {
        [stored, refused, gaps].reduce(enqueued) { $0 > $1 ? $0 - $1 : 0 }
    }
}

extension Badge {
    /// How an agent stands.
    init(_ agent: AgentRecord, _ texts: PageTexts) {
        let (tone, word) =
            agent.revokedReason != nil
            ? ("quiet", "revoked") : agent.isSilent ? ("critical", "silent") : ("ok", "heard")
        self.init(tone: tone, label: texts.text("agent_standing." + word))
    }
}
