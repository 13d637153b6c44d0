import CollectorServices
import HTTPAPI
import Model
import Stores
import Wire

/// Measured values of a CI: newest, least and greatest in the page, charts where a script runs.
struct CIMetricsPage: Sendable {
    let maker: PageMaker
    let queries: QueryService
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
        let found = try await samples.values(
            of: Self.measured(page.record), from: begin, to: until, reports: Self.reports)
        let own = found.filter { Self.concerns($0.key, page.record) }
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

    /// The CI under which values are stored: what lies inside a host is measured there.
    private static func measured(_ record: CIRecord) -> CIID {
        [.interface, .filesystem].contains(record.className) ? record.parent ?? record.id : record.id
    }

    /// Whether a series of the host speaks of what lies inside it.
    private static func concerns(_ series: SeriesName, _ record: CIRecord) -> Bool {
        switch record.className {
        case .interface: series.attributes["network.interface.name"] == record.name
        case .filesystem: series.attributes["system.filesystem.mountpoint"] == record.name
        default: true
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
        let stored = Self.measured(record)
        let known = try await samples.series(of: stored).first {
            MetricSeries($0).key.utf8.elementsEqual(key.utf8) && Self.concerns($0, record)
        }
        guard let known else {
            throw ServiceRefusal.notFound("CI \(record.id) has no such series")
        }
        let until = moment ?? asked.now
        let found = try await samples.values(
            of: stored, series: known, from: until.adding(seconds: -Int64(hours) * 3600), to: until,
            limit: Self.reports)
        let series = MetricSeries(known)
        let shown = MetricSeries.thinned(series.shown(found), to: Self.points)
        let unit = series.unit(upTo: shown.map(\.value).max() ?? 0)
        return .json(
            .object([
                ("unit", .text(unit.name)), ("times", .array(shown.map { .text($0.time.rfc3339) })),
                ("values", .array(shown.map { .real($0.value / unit.divisor) })),
            ]))
    }
}
