import CollectorServices
import Model
import Stores
import Wire

/// Entity tags (RFC 9110, 8.8.3): strong, made from the very octets of the answer, so that whatever changes in a record
/// changes its tag.
enum EntityTag {
    /// The tag of an answer's body.
    static func make(of body: [UInt8]) -> String {
        "\"" + hexadecimal(SHA256Digest(of: body).octets.prefix(16)) + "\""
    }

    /// Whether a list of tags (`If-Match`, `If-None-Match`) names `tag`; weak tags match only where `weakly`.
    static func list(_ list: String, names tag: String, weakly: Bool) -> Bool {
        list.utf8.split(separator: UInt8(ascii: ",")).contains { piece in
            let text = String(Substring(piece).drop { $0 == " " || $0 == "\t" }.trimmingBlanks)
            if text == "*" { return true }
            return text.utf8.elementsEqual(tag.utf8) || (weakly && text.utf8.elementsEqual(("W/" + tag).utf8))
        }
    }
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        var rest = self
        while rest.utf8.last == 0x20 || rest.utf8.last == 0x09 { rest.removeLast() }
        return rest
    }
}

extension Route {
    /// The same route with a tag on its answer, and `304` for a caller who has it.
    func tagged() -> Route {
        var route = self
        let answer = self.answer
        route.operation?.headers.append(("If-None-Match", "A tag of an earlier answer: 304 when nothing changed."))
        route.operation?.hasTag = true
        route.answer = { request in
            var response = try await answer(request)
            guard response.status == 200 else { return response }
            let tag = EntityTag.make(of: response.body)
            if let known = request.fields["If-None-Match"], EntityTag.list(known, names: tag, weakly: true) {
                response.status = 304
                response.body = []
            }
            response.fields.append(("ETag", tag))
            response.cacheControl = "private, no-cache"
            return response
        }
        return route
    }

    /// The same route with `If-Match`, which must name the tag that `record` answers with now.
    ///
    /// The versions that the record was read with go into the commit. Where the store keeps none (agents, users,
    /// silences), a change between reading and commit is not seen.
    func conditional(on record: Route) -> Route {
        var route = self
        let (answer, isRight) = (self.answer, check)
        route.operation?.headers.append(
            ("If-Match", "The tag of GET \(record.path) that the change is meant for; 412 when it is another now."))
        route.operation?.problems.insert(412)
        route.answer = { request in
            guard let wanted = request.fields["If-Match"] else { return try await answer(request) }
            // A request that is wrong in itself is told so, whatever its condition (RFC 9110, 13.2.1).
            try isRight(request)
            let expectations = try await Self.check(wanted, record, request)
            var scope = CommitScope.current ?? CommitScope()
            scope.expectations += expectations
            do {
                return try await CommitScope.$current.withValue(scope) { try await answer(request) }
            } catch {
                // The commands try again after a conflict; the caller's version was passed meanwhile, or it fits and
                // the conflict is another.
                if ProblemDetails.from(error).0.status == 409 { _ = try await Self.check(wanted, record, request) }
                throw error
            }
        }
        return route
    }

    private static func check(
        _ wanted: String, _ record: Route, _ request: APIRequest
    ) async throws -> [Expectation] {
        var asked = request
        asked.target.query = []
        asked.body = []
        asked.fields = RequestFields()
        let now = try await record.answer(asked)
        guard now.status == 200, EntityTag.list(wanted, names: EntityTag.make(of: now.body), weakly: false) else {
            throw ProblemDetails(
                "precondition", 412, "Changed meanwhile",
                "header If-Match names another version than the one stored now; get it again and decide again")
        }
        return now.expectations
    }
}
