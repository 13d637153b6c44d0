import CollectorServices
import Wire

/// One route: method, path with `{placeholders}`, who may use it, and what it does.
public struct Route: Sendable {
    /// Who may use a route; there is no default, so that none is open by oversight (threats M22).
    public enum Access: Sendable {
        /// Everybody, without showing who they are.
        case everybody
        /// Agents with a good certificate.
        case agents
        /// Agents with a good certificate, and those whose certificate has ended.
        case endedAgents
        /// Agents of GLPI with their site's secret.
        case sites
        /// Accounts of at least this scope.
        case accounts(AgentsService.Scope)
        /// People signed in to the console whose role has at least this scope. A cookie opens nothing else: routes of
        /// the API ask for a token, so no other site can use them through a person's browser.
        case people(AgentsService.Scope)
    }

    /// `GET`, `POST` …
    public var method: String
    /// `/v1/ci/{id}`
    public var path: String
    /// Who may.
    public var access: Access
    /// The answer.
    public var answer: @Sendable (APIRequest) async throws -> APIResponse
    /// What the API's document says of it; nil for pages and the agents' port.
    var operation: Operation?
    /// Reads the input and refuses what is wrong with it, without any effect.
    var check: @Sendable (APIRequest) throws -> Void = { _ in }
    /// Path of the route whose answer `If-Match` speaks of; nil where it does not apply.
    var guardedBy: String?
    /// Whether the answer holds a secret that is shown once and written nowhere.
    var answersSecrets = false

    /// A route.
    public init(
        _ method: String, _ path: String, _ access: Access,
        _ answer: @escaping @Sendable (APIRequest) async throws -> APIResponse
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.answer = answer
    }
}

/// All routes of a listener.
public struct RouteTable: Sendable {
    private struct Entry: Sendable {
        var pattern: [Substring]
        var route: Route
    }

    private let entries: [Entry]
    private let pages: ProblemPages?

    /// A table; of two routes that fit, the earlier is taken. `pages` answers what goes wrong outside the API.
    public init(_ routes: [Route], pages: ProblemPages? = nil) {
        entries = routes.map { Entry(pattern: $0.path.split(separator: "/"), route: $0) }
        self.pages = pages
    }

    /// The paths that exist, each once, for documentation and tests.
    public var routes: [Route] { entries.map(\.route) }

    /// The route for a method and path with the values of its placeholders. What answers `GET` answers `HEAD` (RFC 9110,
    /// 9.3.2): load balancers and link checkers ask so.
    func match(_ method: String, _ segments: [String]) throws(ProblemDetails) -> (Route, [String: String]) {
        let wanted = method.utf8.elementsEqual("HEAD".utf8) ? "GET" : method
        for entry in entries where entry.route.method.utf8.elementsEqual(wanted.utf8) {
            if let parameters = Self.match(entry.pattern, segments) { return (entry.route, parameters) }
        }
        let allowed = allowed(segments)
        throw allowed.isEmpty ? .notFound : .methodNotAllowed(allowed)
    }

    /// The methods that a path takes; empty when there is no such path.
    private func allowed(_ segments: [String]) -> [String] {
        var allowed: [String] = []
        for entry in entries where Self.match(entry.pattern, segments) != nil {
            if !allowed.contains(entry.route.method) { allowed.append(entry.route.method) }
        }
        if let get = allowed.firstIndex(of: "GET") { allowed.insert("HEAD", at: get + 1) }
        return allowed
    }

    private static func match(_ pattern: [Substring], _ segments: [String]) -> [String: String]? {
        guard pattern.count == segments.count else { return nil }
        var parameters: [String: String] = [:]
        for (part, segment) in zip(pattern, segments) {
            if part.utf8.first == UInt8(ascii: "{") {
                parameters[String(part.dropFirst().dropLast())] = segment
            } else if !part.utf8.elementsEqual(segment.utf8) {
                return nil
            }
        }
        return parameters
    }
}

extension Route.Access {
    /// Whether only programs use what is below it, wherever its path lies among the pages.
    fileprivate var isForPrograms: Bool {
        if case .sites = self { true } else { false }
    }
}

extension RouteTable {
    /// The whole answer to a request: route, access, handler; errors become problem details. Never throws.
    ///
    /// `body` is only read for a caller who may use the route.
    public func answer(
        method: String, target text: String, caller: Caller, address: String, fields: RequestFields = RequestFields(),
        body: @Sendable () async throws -> [UInt8]
    ) async -> (APIResponse, error: (any Error)?) {
        var matched: Route?
        var answer: APIResponse
        var failure: (any Error)?
        do {
            let target = try RequestTarget(text)
            let (route, parameters) = try match(method, target.segments)
            matched = route
            try Self.check(route.access, caller)
            let request = APIRequest(
                caller: caller, address: address, target: target, fields: fields, parameters: parameters,
                body: try await body())
            answer = try await route.answer(request)
        } catch {
            failure = error
            answer = problem(error, caller: caller, target: text, fields: fields, at: matched)
        }
        answer.route = matched.map { ($0.method, $0.path) }
        return (answer, failure)
    }

    private func problem(
        _ error: any Error, caller: Caller, target text: String, fields: RequestFields, at route: Route?
    ) -> APIResponse {
        let (problem, retryAfter) = ProblemDetails.from(error)
        var answer =
            if let pages, pages.covers(text), route?.access.isForPrograms != true {
                pages.answer(problem, retryAfter, caller: caller, target: text, fields: fields)
            } else {
                APIResponse.problem(problem, retryAfter: retryAfter)
            }
        if problem.status == 405, let target = try? RequestTarget(text) { answer.allow = allowed(target.segments) }
        return answer
    }

    private static func check(_ access: Route.Access, _ caller: Caller) throws(ProblemDetails) {
        switch (access, caller) {
        case (.everybody, _), (.agents, .agent), (.endedAgents, .agent), (.endedAgents, .ended), (.sites, .site): return
        case (.sites, _): throw .siteSecretMissing
        case (.agents, .ended(let agent)): throw .certificate(.expired(at: agent.notAfter))
        case (.agents, .nobody(let problem)), (.endedAgents, .nobody(let problem)): throw .certificate(problem)
        case (.agents, .account), (.agents, .person), (.agents, .site), (.endedAgents, .account),
            (.endedAgents, .person),
            (.endedAgents, .site):
            throw .certificate(.absent)
        case (.accounts, .nobody), (.accounts, .agent), (.accounts, .ended), (.accounts, .person), (.accounts, .site):
            throw .tokenMissing
        case (.people, .nobody), (.people, .agent), (.people, .ended), (.people, .account), (.people, .site):
            throw .signInNeeded
        case (.people(let needed), .person(let person)):
            guard person.scope >= needed else { throw .role(needed, has: person.user.role) }
        case (.accounts(let needed), .account(_, let scope)):
            guard scope >= needed else { throw .scope(needed, has: scope) }
        }
    }
}
