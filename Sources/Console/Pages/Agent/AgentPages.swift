import CollectorServices
import HTTPAPI
import Model
import Stores

/// The page of one agent, and banning it.
struct AgentPages: Sendable {
    let maker: PageMaker
    let agents: AgentsService
    let policies: PolicyService
    let queries: QueryService

    var all: [Route] {
        [
            maker.page("/agents/{agent}", .read, make),
            maker.action("/agents/{agent}/revoke", .admin) { asked, form, person in
                guard let reason = form["reason"] else { throw ServiceRefusal.invalid("give a reason") }
                let agent = try await agents.revoke(
                    asked.request.parameter("agent"), reason: reason.shownOnOneLine(limit: 300), by: person.user.name)
                return Site.agent(agent.id)
            },
        ]
    }

    @Sendable private func make(_ asked: PageRequest) async throws -> Page {
        try asked.request.only()
        let texts = asked.texts
        let account = try await agents.account(of: asked.request.parameter("agent"))
        let agent = account.agent
        let receipts = try await agents.receipts(of: agent.id)
        let standing = try await policies.standing(of: agent)
        let names = try await queries.names(of: Set(agent.ci.map { [$0] } ?? []))
        let host = agent.hostname.shownOnOneLine(limit: 120)
        let model = AgentModel(
            path: Site.agent(agent.id), host: host, id: agent.id.shownOnOneLine(limit: 80),
            standing: Badge(agent, texts), version: agent.version.shownOnOneLine(limit: 40),
            ci: agent.ci.map { CILink($0, in: names, texts) }, heard: Moment(agent.heardAt),
            heartbeat: Quantity.duration(Double(agent.heartbeatSeconds), texts),
            skew: Quantity.duration(Double(agent.clockSkew) / 1000, texts),
            certificateEnd: Moment(try await agents.certificateEnd(of: agent)),
            revokedReason: agent.revokedReason?.shownOnOneLine(limit: 300),
            policy: policy(standing, texts),
            works: receipts.sorted { Self.rank($0) < Self.rank($1) }.prefix(300).map { Self.work($0, texts) },
            epochs: account.epochs.prefix(20).map(Self.epoch),
            losses: account.gaps.map {
                .init(
                    time: Moment($0.time),
                    text: texts.text(
                        "agent.loss",
                        [
                            "count": String($0.count), "from": String($0.first), "to": String($0.last),
                            "detail": texts.word("gap_cause." + $0.cause, else: $0.cause.shownOnOneLine(limit: 60)),
                        ]))
            },
            refusals: account.refusals.map {
                .init(time: Moment($0.time), text: "\($0.sequence): " + $0.reason.shownOnOneLine(limit: 300))
            })
        return Page(AgentView.view, title: host, place: .agents, model: model)
    }

    private func policy(_ standing: PolicyStanding, _ texts: PageTexts) -> AgentModel.Policy {
        let tones: [PolicyStandingState: String] = [
            .inForce: "ok", .partly: "warning", .refused: "critical", .pending: "info",
        ]
        let policy = standing.given.composed.policy
        return AgentModel.Policy(
            state: Badge(
                tone: tones[standing.state] ?? "quiet",
                label: texts.text("policy_state." + standing.state.rawValue.replacing("-", with: "_"))),
            groups: policy.groups.map { name in
                let about = policies.set.policy(named: name)?.about(in: texts.language) ?? ""
                return AgentModel.Group(name: name.shownOnOneLine(limit: 80), about: about.shownOnOneLine(limit: 400))
            }, tag: standing.given.tag,
            wanted: policy.upgrade.map { "\($0.version) (\($0.ring.shownOnOneLine(limit: 64)))" },
            refused: Self.sentences(standing.message).map { texts.said($0, limit: 400) })
    }

    /// What an agent refuses stands in one line, a sentence for each part.
    private static func sentences(_ message: String) -> [String] {
        message.isEmpty ? [] : message.split(separator: "; ", omittingEmptySubsequences: true).map(String.init)
    }

    /// What failed stands first.
    private static func rank(_ receipt: Receipt) -> Int {
        switch receipt.outcome {
        case .failure: 0
        case .truncated: 1
        case .success: 2
        case .noData: 3
        }
    }

    private static func work(_ receipt: Receipt, _ texts: PageTexts) -> AgentModel.Work {
        let tone =
            switch receipt.outcome {
            case .success: "ok"
            case .noData: "quiet"
            case .failure: "critical"
            case .truncated: "warning"
            }
        return AgentModel.Work(
            source: ReceiptSource(receipt.source, texts),
            outcome: Badge(
                tone: tone, label: texts.text("outcome." + receipt.outcome.rawValue.replacing("-", with: "_"))),
            found: receipt.found, took: "\(receipt.milliseconds) ms",
            message: receipt.source == "policy"
                ? sentences(receipt.message).map { texts.said($0, limit: 400) }.joined(separator: "; ")
                : texts.said(receipt.message, limit: 400))
    }

    private static func epoch(_ ledger: LedgerRecord) -> AgentModel.Epoch {
        AgentModel.Epoch(
            // What came since the agent told its count was enqueued, too.
            epoch: String(ledger.epoch, radix: 16), enqueued: String(max(ledger.enqueued, ledger.highest)),
            stored: String(ledger.stored),
            refused: String(ledger.refused), lost: String(ledger.gaps), waiting: String(ledger.waiting))
    }
}
