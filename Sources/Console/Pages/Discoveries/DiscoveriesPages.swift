import CollectorServices
import HTTPAPI
import Model
import Stores

/// What agents found in networks: the queue, one thing of it, and what an operator decides.
struct DiscoveriesPages: Sendable {
    let maker: PageMaker
    let queries: QueryService
    let agents: AgentsService
    let commands: DiscoveryCommands
    let sweeps: SweepOverview

    private static let listed = 50

    var all: [Route] {
        [
            maker.page(Site.discoveries, .read, list),
            maker.page("/discoveries/{number}", .read, show),
            maker.action("/discoveries/{number}/accept", .operate) { asked, form, person in
                let id = try asked.number("number")
                let agent = form["agent"].flatMap { $0.isEmpty ? nil : $0 }
                _ = try await commands.accept(id, name: form["name"], agent: agent, by: person.user.name)
                return asked.back(else: Site.discoveries)
            },
            maker.action("/discoveries/{number}/ignore", .operate) { asked, form, person in
                _ = try await commands.ignore(
                    try asked.number("number"), note: form["note"] ?? "", by: person.user.name)
                return asked.back(else: Site.discoveries)
            },
            maker.action("/discoveries/{number}/link", .operate) { asked, form, person in
                guard let ci = form["ci"] else { throw ServiceRefusal.invalid("name the CI that it is") }
                _ = try await commands.link(
                    try asked.number("number"), to: try await queries.resolve(ci), by: person.user.name)
                return asked.back(else: Site.discoveries)
            },
        ]
    }

    @Sendable private func list(_ asked: PageRequest) async throws -> Page {
        try asked.request.only("show", "after")
        let name = try asked.request.query("show") ?? DiscoveryState.waiting.rawValue
        guard let state = DiscoveryState(rawValue: name) else {
            throw ServiceRefusal.invalid(
                "show must be \(DiscoveryState.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let found = try await commands.list(
            DiscoveryQuery(states: [state], after: try asked.request.after(), limit: Self.listed))
        let counts = try await commands.counts()
        let names = try await queries.names(of: Set(found.compactMap(\.ci)))
        let model = DiscoveriesModel(
            tabs: DiscoveryState.allCases.map {
                .init(
                    label: asked.text("discoveries." + $0.rawValue), count: counts[$0] ?? 0,
                    path: Site.path(Site.discoveries, [("show", $0 == .waiting ? nil : $0.rawValue)]),
                    isHere: $0 == state)
            },
            found: found.map { DiscoveryLine($0, names: names, asked.texts) },
            sweeps: try await sweeps.shares().map { DiscoveriesModel.Sweep($0, asked.texts) },
            next: found.count == Self.listed
                ? found.last.map { Site.path(Site.discoveries, [("show", name), ("after", String($0.id))]) } : nil)
        return Page(
            DiscoveriesView.view, title: asked.text("frame.discoveries"), place: .discoveries, model: model)
    }

    @Sendable private func show(_ asked: PageRequest) async throws -> Page {
        try asked.request.only()
        let record = try await commands.show(try asked.number("number"))
        let names = try await queries.names(of: Set([record.ci].compactMap { $0 }))
        var sights: [DiscoveryModel.Sight] = []
        let hosts = try await agents.hostnames(of: Set(record.sights.map(\.agent)))
        for sight in record.sights {
            let host = (hosts[sight.agent] ?? "").shownOnOneLine(limit: 120)
            sights.append(
                .init(
                    agent: sight.agent, host: host.isEmpty ? sight.agent : host, path: Site.agent(sight.agent),
                    address: sight.address,
                    credential: sight.credential.map {
                        $0.isEmpty ? asked.text("discoveries.usual_credential") : $0.shownOnOneLine(limit: 80)
                    }, seen: Moment(sight.at), isHolder: record.holder == sight.agent))
        }
        let model = DiscoveryModel(
            line: DiscoveryLine(record, names: names, asked.texts), name: record.label.shownOnOneLine(limit: 120),
            facts: DiscoveryModel.facts(record, asked.texts), sights: sights,
            toldBy: record.finding.toldBy.map { $0.shownOnOneLine(limit: 200) },
            firstSeen: Moment(record.firstSeen), lastSeen: Moment(record.lastSeen))
        return Page(DiscoveryView.view, title: model.name, place: .discoveries, model: model)
    }
}
