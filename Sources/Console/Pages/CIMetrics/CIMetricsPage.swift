import CollectorServices
import HTTPAPI
import Model
import Stores
import Wire

/// Measured values of a CI: newest, least and greatest in the page, charts where a script runs.
struct CIMetricsPage: Sendable {
    let maker: PageMaker
    let queries: QueryService
    let agents: AgentsService
    let samples: any SampleStoring

    var all: [Route] {
        [
            maker.page("/ci/{id}/metrics", .read, make),
            Route("GET", "/ci/{id}/values", .people(.read), values),
        ]
    }

    private static let hours = [1, 6, 24, 72]
    /// How many reports a page looks at: three days of one a minute.
    private static let reports = 4500
    /// How many charts a group has: enough for the cores and disks of a large host.
    private static let chartLimit = 48
    /// How many points a chart has.
    private static let points = 240

    @Sendable private func make(_ asked: PageRequest) async throws -> Page {
        try asked.request.only("as_of", "hours")
        let moment = try asked.asOf()
        let hours = try asked.request.integer("hours", in: 1...72, standard: 6)
        guard let ci = try? CIPages.number(asked),
            let page = try await known({ try await queries.page(of: ci, asOf: moment) })
        else { return CIUnknownPage.page(asked, asOf: moment) }
        let until = moment ?? asked.now
        let begin = until.adding(seconds: -Int64(hours) * 3600)
        var own: Found = [:]
        for place in try await places(page.record) {
            let found = try await samples.values(of: place.ci, from: begin, to: until, reports: Self.reports)
            own.merge(found.filter { place.concerns($0.key) }) { first, _ in first }
        }
        // Where less was measured than the span, all charts begin where it began.
        let first = own.values.compactMap(\.first?.time).min() ?? begin
        let path = Site.metrics(of: ci)
        let model = CIMetricsModel(
            heading: try await CIHeading.make(page, at: .metrics, asOf: moment, queries, asked.texts),
            past: PastNotice(moment, now: path),
            spans: Self.hours.map {
                .init(
                    path: Site.path(path, [("hours", String($0)), ("as_of", moment?.rfc3339)]),
                    label: Quantity.duration(Double($0) * 3600, asked.texts), isHere: $0 == hours)
            },
            from: max(begin, first).rfc3339, to: until.rfc3339,
            groups: Self.groups(own, ci, hours, moment, until: until, asked.texts),
            hasCharts: maker.files.hasCharts)
        return Page(
            CIMetricsView.view,
            title: asked.text("ci.metrics") + " · " + page.record.name.shownOnOneLine(limit: 120), place: .ci,
            model: model)
    }

    /// A CI under which values are stored, and which of them speak of the page's own.
    private struct Place {
        var ci: CIID
        var concerns: @Sendable (SeriesName) -> Bool
    }

    /// How many checks of a CI are looked at, and at how many hosts what they took is looked for.
    private static let (checks, hosts) = (500, 8)

    /// Where values of a CI are: what lies inside a host is measured there, and what a check of it took at the host of the
    /// agent that makes it.
    private func places(_ record: CIRecord) async throws -> [Place] {
        var places = [Self.own(record)]
        let found = try await queries.checks(of: [record.id], limit: Self.checks)
        let byAgent = Dictionary(grouping: found, by: \.agent).sorted { $0.key < $1.key }
        for (agent, checks) in byAgent.prefix(Self.hosts) {
            let names = Set(checks.map(\.result.check))
            guard let host = try await known({ try await agents.agent(agent).ci }) ?? nil, host != record.id else {
                continue
            }
            places.append(Place(ci: host) { $0.attributes["muster.check"].map(names.contains) ?? false })
        }
        return places
    }

    private static func own(_ record: CIRecord) -> Place {
        let name = record.name
        return switch record.className {
        case .interface:
            Place(ci: record.parent ?? record.id) { $0.attributes["network.interface.name"] == name }
        case .filesystem:
            Place(ci: record.parent ?? record.id) { $0.attributes["system.filesystem.mountpoint"] == name }
        default: Place(ci: record.id) { _ in true }
        }
    }

    private typealias Found = [SeriesName: [(time: Timestamp, value: Double)]]

    private static func groups(
        _ found: Found, _ ci: CIID, _ hours: Int, _ moment: Timestamp?, until: Timestamp, _ texts: PageTexts
    ) -> [CIMetricsModel.Group] {
        let series = found.keys.map(MetricSeries.init).sorted { ($0.rank, $0.key) < ($1.rank, $1.key) }
        let groups = Dictionary(grouping: series, by: \.group)
        return MetricGroup.allCases.compactMap { group in
            guard let own = groups[group] else { return nil }
            let shown = charts(own, found, ci, hours, moment, until: until, texts)
            guard !shown.isEmpty else { return nil }
            let hidden = own.count - chartLimit
            return CIMetricsModel.Group(
                id: "metrics-" + group.rawValue, title: texts.text("ci_metrics.group_" + group.rawValue), charts: shown,
                hidden: hidden > 0 ? texts.text("ci_metrics.hidden", ["count": String(hidden)]) : nil)
        }
    }

    private static func charts(
        _ series: [MetricSeries], _ found: Found, _ ci: CIID, _ hours: Int, _ moment: Timestamp?, until: Timestamp,
        _ texts: PageTexts
    ) -> [CIMetricsModel.Chart] {
        series.prefix(chartLimit).compactMap { one in
            let values = one.shown(found[one.name] ?? [])
            guard let newest = values.last else { return nil }
            let least = values.map(\.value).min() ?? newest.value
            let greatest = values.map(\.value).max() ?? newest.value
            let unit = one.unit(upTo: greatest)
            func words(_ value: Double) -> String {
                Quantity.decimal(value / unit.divisor) + (unit.name.isEmpty ? "" : " " + unit.name)
            }
            return CIMetricsModel.Chart(
                label: one.title(texts), newest: words(newest.value), at: Moment(newest.time),
                isOld: MetricSeries.isOld(values, at: until),
                least: words(least), greatest: words(greatest),
                values: Site.path(
                    Site.values(of: ci),
                    [("series", one.key), ("hours", String(hours)), ("as_of", moment?.rfc3339)]))
        }
    }

    /// A series for a chart: `{"unit": …, "times": […], "values": […]}`.
    @Sendable private func values(_ request: APIRequest) async throws -> APIResponse {
        try request.only("series", "hours", "as_of")
        let asked = maker.asked(request)
        let moment = try asked.asOf()
        let hours = try request.integer("hours", in: 1...72, standard: 6)
        let key = try request.query("series") ?? ""
        let record = try await queries.row(try CIPages.number(asked), asOf: nil)
        let until = moment ?? asked.now
        let begin = until.adding(seconds: -Int64(hours) * 3600)
        guard let series = MetricSeries(key: key),
            let found = try await measured(series.name, in: try await places(record), from: begin, to: until)
        else { throw ServiceRefusal.notFound("CI \(record.id) has no such series") }
        let shown = MetricSeries.thinned(series.shown(found), to: Self.points)
        let unit = series.unit(upTo: shown.map(\.value).max() ?? 0)
        return .json(
            .object([
                ("unit", .text(unit.name)), ("times", .array(shown.map { .text($0.time.rfc3339) })),
                ("values", .array(shown.map { .real($0.value / unit.divisor) })),
            ]))
    }

    /// The values of a series at the first place that has any; nil where none has.
    private func measured(
        _ series: SeriesName, in places: [Place], from begin: Timestamp, to end: Timestamp
    ) async throws -> [(time: Timestamp, value: Double)]? {
        for place in places where place.concerns(series) {
            let found = try await samples.values(
                of: place.ci, series: series, from: begin, to: end, limit: Self.reports)
            if !found.isEmpty { return found }
        }
        return nil
    }
}
