import CollectorServices
import Model
import Stores
import Wire

extension Route {
    /// The same route with `Idempotency-Key`: a request that is sent again has its effect once.
    func repeatable(by requests: RepeatableRequests) -> Route {
        var route = self
        let (answer, method, holdsSecret) = (self.answer, self.method, answersSecrets)
        route.operation?.headers.append(
            ("Idempotency-Key", "1 to 255 visible ASCII characters; the same request sent again has its effect once."))
        route.operation?.problems.formUnion([409, 422])
        route.answer = { request in
            guard let key = request.fields["Idempotency-Key"] else { return try await answer(request) }
            guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
                throw ProblemDetails.invalid("header Idempotency-Key must be 1 to 255 visible ASCII characters")
            }
            let outcome = try await requests.run(
                caller: request.keyOwner, key: SHA256Digest(of: key.utf8).description,
                fingerprint: request.fingerprint(method: method), holdsSecret: holdsSecret,
                scope: CommitScope.current, isSuccess: { (200...299).contains($0.status) },
                {
                    let answer = try await answer(request)
                    return KeptAnswer(status: answer.status, body: answer.body)
                })
            return try Self.answer(outcome)
        }
        return route
    }

    private static func answer(_ outcome: RepeatableRequests.Outcome) throws(ProblemDetails) -> APIResponse {
        switch outcome {
        case .first(let answer): return APIResponse(answer)
        case .repeated(let answer):
            var response = APIResponse(answer)
            response.fields.append(("Idempotency-Replayed", "true"))
            return response
        case .otherRequest:
            throw ProblemDetails(
                "key-reused", 422, "Key used for another request",
                "header Idempotency-Key was used for another method, path or body; use a new key for a new request")
        case .running:
            throw ProblemDetails(
                "in-progress", 409, "In progress", "the same request is being answered; try again in a second")
        case .answerLost:
            throw ProblemDetails(
                "answer-lost", 409, "Done, answer not kept",
                "the request had its effect and its answer is not kept; look at what it changed, or use a new key")
        }
    }
}

extension APIRequest {
    /// Whose keys count: the socket's users and tokens of the same name are not the same.
    fileprivate var keyOwner: String { (address == "local" ? "socket:" : "token:") + caller.name }

    /// What is asked, as one digest.
    fileprivate func fingerprint(method: String) -> String {
        var bytes = Array(method.utf8)
        for part in target.segments + target.query.flatMap({ [$0.name, $0.value] }) {
            bytes.append(0)
            bytes += part.utf8
        }
        bytes.append(0)
        return SHA256Digest(of: bytes + body).description
    }
}

extension APIResponse {
    fileprivate init(_ answer: KeptAnswer) {
        self.init(status: answer.status, mediaType: "application/json", body: answer.body)
    }
}
