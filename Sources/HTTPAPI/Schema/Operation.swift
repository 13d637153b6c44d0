import CollectorServices
import Stores

/// What the document says of a route; made from the declarations that decode its input and write its answer.
struct Operation: Sendable {
    /// One line: what it does.
    var summary: String
    /// Every value it takes.
    var fields: [InputField]
    /// Header fields it takes besides, by name with description.
    var headers: [(name: String, about: String)] = []
    /// Media types of a body that is no JSON of declared members; empty where it is, or where there is none.
    var consumes: [String] = []
    /// Status when it succeeds.
    var status: Int
    /// Media type of the answer.
    var mediaType: String
    /// What the answer looks like.
    var answer: Schema
    /// Statuses of the problem documents it answers with.
    var problems: Set<Int>
    /// Whether the answer has an entity tag.
    var hasTag = false
}

extension Route {
    /// A route that takes `In` and answers with JSON of a shape. Both are documented by what decodes and encodes them.
    /// `versions` are those of the records that an answer was made from.
    init<In: Input, Out: Sendable>(
        _ method: String, _ path: String, _ access: Access, _ summary: String, answers shape: Shape<Out>,
        status: Int = 200, versions: @escaping @Sendable (Out) -> [Expectation] = { _ in [] },
        _ handle: @escaping @Sendable (In, APIRequest) async throws -> Out
    ) {
        let fields = InputReader.fields(of: In.self)
        self.init(method, path, access) { request in
            let input = try InputReader.read(In.self, from: request, fields: fields)
            let output = try await handle(input, request)
            var answer = APIResponse.json(shape.write(output), status: status)
            answer.expectations = versions(output)
            return answer
        }
        check = { _ = try InputReader.read(In.self, from: $0, fields: fields) }
        operation = Operation(
            summary: summary, fields: fields, status: status, mediaType: "application/json", answer: shape.schema,
            problems: Self.problems(path, access))
    }

    /// A route that takes nothing and answers with another media type than JSON.
    init(
        _ method: String, _ path: String, _ access: Access, _ summary: String, mediaType: String, schema: Schema,
        _ handle: @escaping @Sendable () async throws -> [UInt8]
    ) {
        self.init(method, path, access) { request in
            _ = try InputReader.read(NoInput.self, from: request, fields: [])
            return APIResponse(status: 200, mediaType: mediaType, body: try await handle())
        }
        operation = Operation(
            summary: summary, fields: [], status: 200, mediaType: mediaType, answer: schema,
            problems: Self.problems(path, access))
    }

    /// A route that takes a body as it comes, of one of `consumes`, and answers with one of `mediaType`.
    init(
        _ method: String, _ path: String, _ access: Access, _ summary: String, consumes: [String], mediaType: String,
        schema: Schema, _ handle: @escaping @Sendable (APIRequest) async throws -> APIResponse
    ) {
        self.init(method, path, access) { request in
            try request.only()
            return try await handle(request)
        }
        operation = Operation(
            summary: summary, fields: [], consumes: consumes, status: 200, mediaType: mediaType, answer: schema,
            problems: Self.problems(path, access))
    }

    /// The same route with `If-Match` speaking of what `GET path` answers.
    func guarded(by path: String) -> Route {
        var route = self
        route.guardedBy = path
        return route
    }

    /// The same route, marked as answering with a secret.
    func answeringSecrets() -> Route {
        var route = self
        route.answersSecrets = true
        return route
    }

    /// Statuses a route may refuse with: what the request itself can be, then what its access and target can be.
    private static func problems(_ path: String, _ access: Access) -> Set<Int> {
        var statuses: Set<Int> = [400, 408, 413, 414, 415, 429, 500, 503]
        switch access {
        case .accounts, .sites: statuses.formUnion([401, 403])
        default: break
        }
        if path.hasPrefix("/v1/") { statuses.formUnion([404, 409]) }
        return statuses
    }
}
