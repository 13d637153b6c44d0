import CMDB
import CollectorServices
import Model
import Stores
import Wire

/// The route of impact analysis.
struct ImpactRoutes: Sendable {
    let queries: QueryService
    let graph: GraphService
    let clock: PastClock

    /// How many reached CIs can be paged through.
    private static let farthest = 10_000_000

    var all: [Route] {
        [
            Route(
                "GET", "/v1/impact", .accounts(.read),
                "What fails with these CIs, or what they need; business services first, then the nearest.",
                answers: .impact, impact)
        ]
    }

    private struct Question: Input {
        let cis: [String]
        let direction: ImpactTravel
        let depth: Int64?
        let asOf: Timestamp?
        let after: Int
        let limit: Int

        init(_ read: inout InputReader) throws {
            cis = try read.several("ci", .text(1...255), count: 1...50, "CIs: numbers, names or class:name.")
            direction =
                try read.optional(
                    .query, "direction", Kind<ImpactTravel>.word, "Which way.", shownDefault: "dependents")
                ?? .dependents
            depth = try read.optional(
                .query, "depth", .integer(0...1000),
                "How many steps at most; 0 answers the CIs themselves and nothing they reach. Left out for all.")
            asOf = try read.asOf()
            after = try read.after(Listings.Impact.cursor) ?? 0
            limit = try read.limit(standard: Int64(GraphService.listed), most: Int64(GraphService.listed))
        }
    }

    @Sendable private func impact(_ input: Question, _ request: APIRequest) async throws -> ImpactView {
        let moment = try clock.past(input.asOf)
        var roots: [CIID] = []
        for name in input.cis { roots.append(try await queries.resolve(name)) }
        guard (0...Self.farthest).contains(input.after) else {
            throw ProblemDetails.invalid("query after must be the next of an answer of this listing")
        }
        let end = input.after + input.limit
        let answer = try await graph.impact(
            of: roots, direction: input.direction, depth: input.depth.map { Int($0) },
            asOf: try await queries.commit(asOf: moment), limit: end)
        if let unknown = roots.first(where: { root in !answer.roots.contains { $0.ci == root } }) {
            throw ServiceRefusal.notFound(
                "CI \(unknown)" + (moment.map { " at \($0.rfc3339)" } ?? "") + " is not known")
        }
        let affected = Array(answer.affected.dropFirst(input.after).prefix(input.limit))
        let next = answer.truncated && answer.affected.count == end ? Listings.Impact.cursor.text(end) : nil
        return ImpactView(answer: answer, asOf: moment, affected: Page(items: affected, next: next))
    }
}

/// An answer with the page that is shown.
struct ImpactView: Sendable {
    let answer: ImpactAnswer
    let asOf: Timestamp?
    let affected: Page<ImpactedCI>
}

extension Shape where Value == ImpactView {
    /// What the roots reach.
    static var impact: Shape {
        .object(
            "Impact",
            [
                Member("roots", Shape<GraphNode>.node.list) { $0.answer.roots },
                Member("as_of", Shape<Timestamp>.time.orNull) { $0.asOf },
                Member("affected", Shape<ImpactedCI>.impacted.list) { $0.affected.items },
                Member("total", .number, "How many are reached in all.") { $0.answer.total },
                Member("truncated", .flag, "Whether there are more than affected holds.") {
                    $0.affected.next != nil || $0.answer.truncated
                },
                Member("next", Shape<String>.text.orNull, "Pass it as after for the next page.") { $0.affected.next },
            ])
    }
}

extension Shape where Value == GraphNode {
    /// A CI as the graph knows it.
    static var node: Shape {
        .object(
            "GraphCI",
            [
                Member("ci", .integer) { $0.ci.rawValue }, Member("class", .text) { $0.className.rawValue },
                Member("name", .text) { $0.name }, Member("state", .word) { $0.state },
            ])
    }
}

extension Shape where Value == ImpactedCI {
    /// A CI that is reached.
    static var impacted: Shape {
        .object(
            "ImpactedCI",
            [
                Member("ci", .integer) { $0.ci.rawValue }, Member("class", .text) { $0.className.rawValue },
                Member("name", .text) { $0.name }, Member("state", .word) { $0.state },
                Member("distance", .number, "Edges from the nearest root.") { $0.distance },
                Member("path", Shape<String>.text.list, "The way, root first.") { $0.path },
            ])
    }
}
