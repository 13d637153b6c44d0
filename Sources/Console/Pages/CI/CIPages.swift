import CMDB
import CollectorServices
import HTTPAPI
import Model
import Stores
import Wire

/// The page of one CI, and what is done there.
struct CIPages: Sendable {
    let maker: PageMaker
    let queries: QueryService
    let graph: GraphService
    let incidents: IncidentCommands
    let maps: MapMaker
    let health: ServiceHealth
    let samples: any SampleStoring & SampleTrendReading

    var all: [Route] {
        [
            maker.page("/ci/{id}", .read, make),
            maker.action("/ci/{id}/incident", .operate) { asked, form, person in
                let ci = try Self.number(asked)
                let urgency = Grade.allCases.first { grade in form["urgency"].map { $0 == grade.word } ?? false }
                let incident = try await incidents.open(
                    ci: ci, title: form["title"] ?? "", urgency: urgency ?? .medium, by: person.user.name)
                return Site.incident(incident.number)
            },
        ]
    }

    @Sendable private func make(_ asked: PageRequest) async throws -> Page {
        try asked.request.only("as_of")
        let moment = try asked.asOf()
        guard let ci = try? Self.number(asked) else { return CIUnknownPage.page(asked, asOf: moment) }
        guard let page = try await known({ try await queries.page(of: ci, asOf: moment) }) else {
            return CIUnknownPage.page(asked, asOf: moment)
        }
        let commit = try await queries.commit(asOf: moment)
        let near = try await neighbourhood(of: ci, asOf: commit)
        let seen = Set(
            [ci] + page.children.map(\.id) + page.relations.flatMap { [$0.edge.source, $0.edge.target] }
                + near.dependents.map(\.ci) + near.dependencies.map(\.ci))
        let severities = try await queries.firingSeverities(of: seen, asOf: commit)
        // A service that is down because of what it needs has the colour of an alarm of its own, as on the impact page.
        let services = (near.roots.map { ($0.ci, $0.className) } + near.dependents.map { ($0.ci, $0.className) })
            .filter { $0.1 == .businessService }.map(\.0)
        let ill = moment == nil ? try await health.ill(among: services) : [:]
        let looks = severities.merging(ill.compactMapValues(\.severity)) { own, _ in own }
        // What is near in a dense place is the nearest.
        let isDense = near.dependents.count + near.dependencies.count > 60
        let plan = MapPlan(
            roots: near.roots, dependents: near.dependents.filter { !isDense || $0.distance < 2 },
            dependencies: near.dependencies.filter { !isDense || $0.distance < 2 }, severities: looks)
        let path = Site.ci(ci)
        let links = CILinks(page, severities, asked.texts)
        func shown(_ groups: [CILinks.Group]) -> [LinkGroup] {
            groups.map { LinkGroup($0, of: ci, severities, asOf: moment, asked.texts) }
        }
        let model = CIModel(
            heading: CIHeading(
                page.record, above: try await queries.ancestors(of: page.record, asOf: commit), sections: page.sections,
                severity: severities[ci], at: .facts, asOf: moment, asked.texts),
            past: PastNotice(moment, now: path),
            namesakes: moment == nil ? try await namesakes(of: page.record, asked.texts) : [],
            cards: try await cards(page.record, moment, asked.texts),
            asOf: AsOfForm(path, asOf: moment, moments: try await queries.moments(of: ci, limit: Self.moments)),
            live: moment == nil ? "cis relations alarms incidents checks" : nil,
            alarms: try await alarms(page, severities, commit, asked),
            incidents: try await incidents(page, moment, asked),
            checks: moment == nil ? try await checks(page, asked.texts) : [],
            forecast: moment == nil ? try await forecast(of: page.record, asked) : nil,
            impactPath: Self.impact(ci, "dependents", moment), needsPath: Self.impact(ci, "dependencies", moment),
            openPath: moment == nil ? Site.newIncident(on: ci) : nil,
            factGroups: CIFacts.groups(page.attributes, asked.texts),
            inside: shown(links.inside), relations: shown(links.relations),
            through: Self.through(page, near, asked.texts),
            map: await maps.drawing(of: plan, severities: looks, asOf: moment, asked.texts),
            sources: page.objects.prefix(20).map { Self.source($0, asked.texts) })
        return Page(
            CIView.view, title: page.record.name.shownOnOneLine(limit: 120), place: .ci, model: model)
    }

    /// How many moments of change the slider has.
    static let moments = 200

    /// The number in the path.
    static func number(_ asked: PageRequest) throws(ProblemDetails) -> CIID {
        guard let number = Int64(asked.request.parameter("id")), number > 0 else {
            throw ProblemDetails(
                type: "/problems/not-found", title: "Not found", status: 404, detail: asked.text("ci.unknown"))
        }
        return CIID(number)
    }

    private static func impact(_ ci: CIID, _ direction: String, _ moment: Timestamp?) -> String {
        Site.path(Site.impact, [("ci", ci.description), ("direction", direction), ("as_of", moment?.rfc3339)])
    }

    // MARK: Parts

    /// What hangs on what lies inside the CI: it is on the map, and no relation of the CI's own.
    private static func through(
        _ page: QueryService.CIPage,
        _ near: (roots: [GraphNode], dependents: [ImpactedCI], dependencies: [ImpactedCI]), _ texts: PageTexts
    ) -> [CIModel.Through] {
        let children = Dictionary(page.children.map { ($0.id, $0) }) { first, _ in first }
        return near.dependents.filter { $0.distance == 2 && children[$0.ci] == nil }.compactMap { found in
            found.via.flatMap { children[$0] }.map { child in
                CIModel.Through(
                    ci: CILink(found.ci, name: found.name, className: found.className, texts),
                    via: CILink(child, texts))
            }
        }
    }

    /// Others of its class and name, with what tells them apart.
    private func namesakes(of record: CIRecord, _ texts: PageTexts) async throws -> [CIModel.Namesake] {
        let others = try await queries.namesakes(of: record).prefix(5)
        guard !others.isEmpty else { return [] }
        let facts = try await queries.tellingFacts(of: Set(others.map(\.id) + [record.id]))
        return others.map { .init(path: Site.ci($0.id), telling: CILink.telling($0.id, facts[$0.id], texts)) }
    }

    /// The health of a business service: that it is in use says nothing of how it is.
    private func cards(
        _ record: CIRecord, _ moment: Timestamp?, _ texts: PageTexts
    ) async throws -> [ServiceCards.Card] {
        guard moment == nil, record.className == .businessService else { return [] }
        let report = try await health.report(of: record.id)
        let names = try await queries.names(of: Set(report.causes.prefix(1).map(\.alarm.key.ci)))
        return [ServiceCards.card(report, names, texts)]
    }

    /// When a file system will be full, in words; nil for other classes and where nothing is foreseen.
    private func forecast(of record: CIRecord, _ asked: PageRequest) async throws -> String? {
        guard record.className == .filesystem, let host = record.parent else { return nil }
        let forecasts = try await GrowthWatch.forecasts(of: host, samples, at: asked.now)
        guard let forecast = forecasts[record.name] ?? nil else { return nil }
        let days = Quantity.decimal(forecast.daysLeft.rounded())
        return asked.text(
            "ci.full_in",
            [
                "days": days, "percent": Quantity.decimal(forecast.perDay * 100),
                "count": String(forecast.basis),
            ])
    }

    /// What hangs on a CI and what it needs: two steps far now, one in the past, which is read from the store edge by edge.
    private func neighbourhood(
        of ci: CIID, asOf commit: CommitNumber?
    ) async throws -> (roots: [GraphNode], dependents: [ImpactedCI], dependencies: [ImpactedCI]) {
        func near(_ direction: ImpactTravel) async throws -> ImpactAnswer {
            try await graph.impact(
                of: [ci], direction: direction, depth: commit == nil ? 2 : 1, asOf: commit, limit: 1000, paths: false)
        }
        let (below, above) = (try await near(.dependents), try await near(.dependencies))
        return (below.roots, below.affected, above.affected)
    }

    /// Alarms of the CI and of what lies inside it, the worst first; what only waits stands behind what fires.
    private func alarms(
        _ page: QueryService.CIPage, _ severities: [CIID: Severity], _ commit: CommitNumber?, _ asked: PageRequest
    ) async throws -> [AlarmLine] {
        var found = page.alarms
        let inside = page.children.filter { severities[$0.id] != nil }.prefix(20)
        if let commit {
            found = try await queries.firingAlarms(of: Set([page.record.id] + inside.map(\.id)), asOf: commit)
        } else {
            for child in inside { found += try await queries.openAlarms(of: child.id) }
        }
        var names = Dictionary(inside.map { ($0.id, $0) }) { first, _ in first }
        names[page.record.id] = page.record
        found.sort {
            ($0.state == .pending ? 1 : 0, $0.severity.rank, $1.id) < (
                $1.state == .pending ? 1 : 0, $1.severity.rank, $0.id
            )
        }
        return found.prefix(20).map { AlarmLine($0, names: names, isPast: commit != nil, asked.texts) }
    }

    /// How many checks are listed, and how many are looked at for what is wrong among them.
    private static let (checksListed, checksRead) = (20, 500)

    /// Checks of the CI and of what lies inside it, what is wrong first.
    private func checks(_ page: QueryService.CIPage, _ texts: PageTexts) async throws -> [CheckLine] {
        let names = Dictionary(page.children.map { ($0.id, $0) }) { first, _ in first }
        let found = try await queries.checks(of: Set(names.keys).union([page.record.id]), limit: Self.checksRead)
        let ordered = found.enumerated().sorted {
            (CheckLine.place($0.element), $0.offset) < (CheckLine.place($1.element), $1.offset)
        }
        return ordered.prefix(Self.checksListed).map { CheckLine($0.element, of: page.record.id, names: names, texts) }
    }

    /// Incidents on the CI, and those its alarms belong to.
    private func incidents(
        _ page: QueryService.CIPage, _ moment: Timestamp?, _ asked: PageRequest
    ) async throws -> [IncidentLine] {
        guard moment == nil else { return [] }
        var found: [Int64: IncidentRecord] = [:]
        if let own = try await queries.openIncident(of: page.record.id) { found[own.number] = own }
        for number in Set(page.alarms.compactMap(\.incident)).prefix(10) where found[number] == nil {
            found[number] = try await queries.incidentRecord(number: number)
        }
        let open = found.values.filter { ![.resolved, .closed].contains($0.state) }
        let names = try await queries.names(of: Set(open.map(\.ci)))
        let known = try await queries.acknowledgements(Array(open))
        return open.sorted { $0.number > $1.number }.map {
            IncidentLine($0, names: names, acknowledgedBy: known[$0.number], asked.texts)
        }
    }

    private static func source(_ object: SourceObjectRecord, _ texts: PageTexts) -> CIModel.Source {
        CIModel.Source(
            by: SourceLabel("\(object.sourceKind):\(object.sourceName)", texts),
            scope: object.scope.shownOnOneLine(limit: 80),
            objectKey: object.key.isEmpty ? nil : object.key.shownOnOneLine(limit: 120))
    }
}

/// What a question found; nil when the answer is that there is no such thing.
func known<Found>(_ question: () async throws -> Found) async throws -> Found? {
    do {
        return try await question()
    } catch ServiceRefusal.notFound {
        return nil
    }
}
