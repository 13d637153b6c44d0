import CollectorServices
import Model
import Stores
import Wire

/// Routes that read the CMDB.
struct CIRoutes: Sendable {
    let queries: QueryService
    let clock: PastClock

    /// How many entries the lists inside a record begin with.
    static let embedded = 1000

    var all: [Route] {
        [
            Route(
                "GET", "/v1/ci", .accounts(.read), "Finds CIs by text in name or identity key.",
                answers: .page(of: .ci), find),
            Route(
                "GET", "/v1/ci/{ci}", .accounts(.read),
                "A CI: facts with their sources, sections, relations, CIs inside it, sources, open alarms.",
                answers: .ciPage, show
            ).tagged(),
            Route(
                "GET", "/v1/ci/{ci}/history", .accounts(.read),
                "What happened to a CI, newest first, with before, after, source and time.",
                answers: .page(of: .entry), history),
            Route(
                "GET", "/v1/ci/{ci}/relations", .accounts(.read), "Edges at either end of a CI.",
                answers: .page(of: .relation), relations),
            Route(
                "GET", "/v1/ci/{ci}/children", .accounts(.read), "CIs inside a CI.", answers: .page(of: .ci), children),
            Route(
                "GET", "/v1/ci/{ci}/sources", .accounts(.read), "Sources that speak of a CI.",
                answers: .page(of: .sourceObject), sources),
            Route(
                "GET", "/v1/ci/{ci}/items/{section}", .accounts(.read), "Items of a section, such as packages.",
                answers: .page(of: .item), items),
        ]
    }

    private struct Filter: Input {
        let text: String
        let className: CIClass?
        let state: CIState?

        init(_ read: inout InputReader) throws {
            text = try read.optional(.query, "query", .text(0...255), "Text in the name or in an identity key.") ?? ""
            className = try read.optional(.query, "class", .text(), "Only this class, such as host.")
                .map(CIClass.init(rawValue:))
            state = try read.optional(
                .query, "state", Kind<CIState>.word, "Only this state; left out for active and vanished.")
        }
    }

    @Sendable private func find(
        _ input: Listed<Filter, Listings.CIs>, _ request: APIRequest
    ) async throws -> Page<CIRecord> {
        var query = CIQuery(
            text: input.target.text, className: input.target.className, after: input.after.map { CIID($0) },
            limit: input.limit + 1)
        if let state = input.target.state { query.states = [state] }
        return Listings.CIs.cursor.page(try await queries.find(query), limit: input.limit) { $0.id.rawValue }
    }

    @Sendable private func show(_ input: CIThen, _ request: APIRequest) async throws -> CIView {
        let moment = try clock.past(input.asOf)
        let ci = try await queries.resolve(input.ci)
        let page = try await queries.page(of: ci, asOf: moment)
        let alarms = page.alarms.sorted { $0.id > $1.id }.map { AlarmView(record: $0, ci: page.record) }
        return CIView(
            page: page, asOf: moment, relations: Self.page(of: page.relations, at: ci),
            children: Self.page(of: page.children), sources: Self.page(of: page.objects),
            alarms: Listings.Alarms.cursor.page(alarms, limit: Self.embedded) { $0.record.id })
    }

    @Sendable private func history(
        _ input: Listed<OneCI, Listings.History>, _ request: APIRequest
    ) async throws -> Page<EntryView> {
        let ci = try await queries.resolve(input.target.ci)
        let entries = try await queries.history(
            of: ci, before: input.after.map(FeedCursor.init(rawValue:)), limit: input.limit + 1)
        return Listings.History.cursor.page(entries.map(EntryView.init), limit: input.limit) {
            $0.entry.cursor.rawValue
        }
    }

    @Sendable private func relations(
        _ input: Listed<CIThen, Listings.Relations>, _ request: APIRequest
    ) async throws -> Page<SeenRelation> {
        let ci = try await queries.resolve(input.target.ci)
        let all = try await queries.relations(of: ci, asOf: try clock.past(input.target.asOf))
        return Self.page(of: all, at: ci, after: input.after, limit: input.limit)
    }

    @Sendable private func children(
        _ input: Listed<CIThen, Listings.Children>, _ request: APIRequest
    ) async throws -> Page<CIRecord> {
        let ci = try await queries.resolve(input.target.ci)
        let all = try await queries.children(of: ci, asOf: try clock.past(input.target.asOf))
        return Self.page(of: all, after: input.after, limit: input.limit)
    }

    @Sendable private func sources(
        _ input: Listed<CIThen, Listings.Sources>, _ request: APIRequest
    ) async throws -> Page<SourceObjectRecord> {
        let ci = try await queries.resolve(input.target.ci)
        let all = try await queries.objects(of: ci, asOf: try clock.past(input.target.asOf))
        return Self.page(of: all, after: input.after, limit: input.limit)
    }

    private struct Section: Input {
        let then: CIThen
        let section: SectionName

        init(_ read: inout InputReader) throws {
            then = try CIThen(&read)
            section = SectionName(
                rawValue: try read.required(
                    .path, "section", .text(), "The section: packages, units, disks, connections …"))
        }
    }

    @Sendable private func items(
        _ input: Listed<Section, Listings.Items>, _ request: APIRequest
    ) async throws -> Page<ItemRecord> {
        let ci = try await queries.resolve(input.target.then.ci)
        let items = try await queries.items(
            of: ci, section: input.target.section, asOf: try clock.past(input.target.then.asOf), after: input.after,
            limit: input.limit + 1)
        return Listings.Items.cursor.page(items, limit: input.limit) { $0.item.key }
    }

    private static func page(
        of all: [RelationRecord], at ci: CIID, after: String? = nil, limit: Int = embedded
    ) -> Page<SeenRelation> {
        Listings.Relations.cursor.page(of: all.map { SeenRelation($0, from: ci) }, after: after, limit: limit) {
            $0.key
        }
    }

    private static func page(
        of all: [CIRecord], after: String? = nil, limit: Int = embedded
    ) -> Page<CIRecord> {
        Listings.Children.cursor.page(of: all, after: after, limit: limit) {
            "\($0.className.rawValue)\u{1}\($0.name)\u{1}\(sortable($0.id.rawValue))"
        }
    }

    private static func page(
        of all: [SourceObjectRecord], after: String? = nil, limit: Int = embedded
    ) -> Page<SourceObjectRecord> {
        Listings.Sources.cursor.page(of: all, after: after, limit: limit) { sortable($0.id) }
    }
}

/// A number whose text sorts as the number does.
func sortable(_ number: Int64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 19 - digits.utf8.count)) + digits
}

/// A CI in the path.
struct OneCI: Input {
    let ci: String

    init(_ read: inout InputReader) throws {
        ci = try read.required(
            .path, "ci", .text(1...255), "The CI: its number, a name that only one CI has, or class:name.")
    }
}

/// A CI in the path, now or at a moment.
struct CIThen: Input {
    let ci: String
    let asOf: Timestamp?

    init(_ read: inout InputReader) throws {
        ci = try OneCI(&read).ci
        asOf = try read.asOf()
    }
}

/// Refuses moments that have not come: an answer about them would look like knowledge.
struct PastClock: Sendable {
    /// The collector's wall clock.
    let now: @Sendable () -> Timestamp

    /// The moment, if it is not in the future.
    func past(_ moment: Timestamp?) throws(ProblemDetails) -> Timestamp? {
        guard let moment else { return nil }
        guard moment <= now() else {
            throw .invalid("query as_of \(moment.rfc3339) is in the future; it is \(now().rfc3339) here")
        }
        return moment
    }
}
