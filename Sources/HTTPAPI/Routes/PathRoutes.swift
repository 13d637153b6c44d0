import CMDB
import CollectorServices
import Model
import Stores

/// The route of ways from machine to machine.
struct PathRoutes: Sendable {
    let queries: QueryService
    let paths: PathService
    let clock: PastClock

    var all: [Route] {
        [
            Route(
                "GET", "/v1/path", .accounts(.read),
                "The way over cables from one machine to another, every port of it by name.", answers: .path, path)
        ]
    }

    private struct Question: Input {
        let from: String
        let to: String
        let asOf: Timestamp?

        init(_ read: inout InputReader) throws {
            from = try read.required(
                .query, "from", .text(1...255), "Where it begins: a CI by number, name or class:name.")
            to = try read.required(.query, "to", .text(1...255), "Where it ends.")
            asOf = try read.asOf()
        }
    }

    @Sendable private func path(_ input: Question, _ request: APIRequest) async throws -> PathView {
        let moment = try clock.past(input.asOf)
        let (from, to) = (try await queries.resolve(input.from), try await queries.resolve(input.to))
        return PathView(path: try await paths.path(from: from, to: to, asOf: moment), asOf: moment)
    }
}

/// A way and the moment it is of.
struct PathView: Sendable {
    let path: PathService.Path
    let asOf: Timestamp?
}

extension Shape where Value == PathView {
    /// A way from machine to machine.
    static var path: Shape {
        .object(
            "Path",
            [
                Member("from", Shape<CIRecord>.ci) { $0.path.from },
                Member("to", Shape<CIRecord>.ci) { $0.path.to },
                Member("as_of", Shape<Timestamp>.time.orNull) { $0.asOf },
                Member("hops", Shape<PathService.Hop>.hop.list, "Machines in order.") { $0.path.hops },
            ])
    }
}

extension Shape where Value == PathService.Hop {
    /// A machine on a way.
    static var hop: Shape {
        .object(
            "PathHop",
            [
                Member("ci", Shape<GraphNode>.node, "The host or device.") { $0.place.ci },
                Member("in", Shape<GraphNode>.node.orNull, "The port the way comes in by.") { $0.place.into },
                Member("out", Shape<GraphNode>.node.orNull, "The port the way leaves by.") { $0.place.out },
                Member(
                    "vlan", Shape<Int64>.integer.orNull,
                    "The VLAN in which a device forwards to the end of the way, where its table tells one."
                ) { $0.vlan },
                Member("link", Shape<PathService.Link>.pathLink.orNull, "What leads on to the next; null at the end.") {
                    $0.link
                },
            ])
    }
}

extension Shape where Value == PathService.Link {
    /// A cable, or a guest's tie to its host.
    static var pathLink: Shape {
        .object(
            "PathLink",
            [
                Member("kind", .word) { $0.kind },
                Member("evidence", Shape<RelationEvidence>.word.list, "What it rests on.") { $0.evidence },
                Member("confidence_percent", .number, "Of the surest statement.") { $0.confidence },
                Member("sources", Shape<String>.text.list, "Who says so, as kind:name.") { $0.sources },
                Member("since", .time) { $0.since },
            ])
    }
}
