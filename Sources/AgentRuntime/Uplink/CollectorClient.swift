import FoundationEssentials
import Wire

/// Why the collector did not do what was asked.
enum CollectorError: Error, CustomStringConvertible {
    /// No answer.
    case transport(TransportError)
    /// An answer that is not the collector's: a portal's page, another status, other content (fault N5).
    case notAnAnswer(status: Int, mediaType: String)
    /// The collector refused, and says why.
    case refused(ProblemDetails, retryAfter: Int?)
    /// An answer that says something else than what was asked.
    case wrongAnswer(String)
    /// The request could not be made.
    case request(String)

    /// One line.
    var description: String {
        switch self {
        case .transport(let error): error.description
        case .notAnAnswer(let status, let mediaType):
            "answered \(status) with \(mediaType.isEmpty ? "no media type" : printed(mediaType)), which is no answer "
                + "of a collector; is there a proxy or portal on the way?"
        case .refused(let problem, _): "refused (\(problem.status)): \(printed(problem.detail))"
        case .wrongAnswer(let text): text
        case .request(let text): text
        }
    }

    /// What `Retry-After` asked for.
    var retryAfter: Duration? {
        if case .refused(_, let seconds?) = self { .seconds(max(0, min(seconds, 86_400))) } else { nil }
    }

    /// Whether a smaller request may fare better: the body was too large or not readable.
    var isAboutContent: Bool {
        if case .refused(let problem, _) = self { [400, 413, 422].contains(problem.status) } else { false }
    }
}

/// The agents' routes as Swift calls; nothing but a well-formed answer counts as one.
struct CollectorClient: Sendable {
    let transport: any CollectorTransport

    /// Octets of frames in one batch: packed it stays under the limit of a body, unpacked under the limit of ratio.
    static let batchBytes = 900 << 10
    /// Frames in one batch.
    static let batchFrames = 2000

    /// Asks for the first certificate.
    func enrol(_ request: EnrolRequest) async throws(CollectorError) -> CertificateAnswer {
        try await post("/v1/agent/enrol", try json(request), CertificateAnswer.self)
    }

    /// Asks for the next certificate.
    func renew(_ request: RenewRequest) async throws(CollectorError) -> CertificateAnswer {
        try await post("/v1/agent/renew", try json(request), CertificateAnswer.self)
    }

    /// Asks for the next certificate when the own one has ended.
    func recover(_ request: RenewRequest) async throws(CollectorError) -> CertificateAnswer {
        try await post("/v1/agent/recover", try json(request), CertificateAnswer.self)
    }

    /// Hands over a batch; what comes back is an acknowledgement for this epoch and at most these frames.
    func send(_ batch: Batch) async throws(CollectorError) -> AgentAnswer {
        let packed: [UInt8]
        do { packed = try Gzip.compress(batch.encoded()) } catch { throw .request(error.description) }
        let request = CollectorRequest(
            method: .post, path: "/v1/agent/reports", mediaType: Batch.mediaType, isPacked: true, body: packed)
        let answer = try await exchange(request, AgentAnswer.self)
        guard answer.epoch == batch.epoch else {
            throw .wrongAnswer("answered for epoch \(answer.epoch), sent was \(batch.epoch)")
        }
        guard let last = batch.frames.last, answer.acknowledged <= last.sequence else {
            throw .wrongAnswer("acknowledged \(answer.acknowledged), which was not sent")
        }
        return answer
    }

    /// Waits until the collector lacks something, or its time is up.
    func wants(after cursor: String) async throws(CollectorError) -> WantsAnswer {
        let plain = cursor.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45 || $0 == 95
        }
        let query = cursor.isEmpty || !plain ? "" : "?after=\(cursor)"
        return try await exchange(
            CollectorRequest(method: .get, path: "/v1/agent/wants" + query, timeout: .seconds(75)), WantsAnswer.self)
    }

    /// The octets of this agent's policy; nil when they are those that have the tag `known`.
    func policy(known: String?) async throws(CollectorError) -> [UInt8]? {
        let request = CollectorRequest(method: .get, path: "/v1/agent/policy", knownTag: known)
        let response: CollectorResponse
        do { response = try await transport.exchange(request) } catch { throw .transport(error) }
        if response.status == 304, known != nil { return nil }
        guard response.status == 200, response.mediaType == "application/json" else { throw refusal(response) }
        return response.body
    }

    private func post<Answer: Decodable>(
        _ path: String, _ body: [UInt8], _ type: Answer.Type
    ) async throws(CollectorError) -> Answer {
        try await exchange(CollectorRequest(method: .post, path: path, body: body), type)
    }

    private func exchange<Answer: Decodable>(
        _ request: CollectorRequest, _ type: Answer.Type
    ) async throws(CollectorError) -> Answer {
        let response: CollectorResponse
        do { response = try await transport.exchange(request) } catch { throw .transport(error) }
        if response.status == 200, response.mediaType == "application/json" {
            guard let answer = decode(type, response.body) else {
                throw .notAnAnswer(status: 200, mediaType: response.mediaType)
            }
            return answer
        }
        throw refusal(response)
    }

    private func refusal(_ response: CollectorResponse) -> CollectorError {
        if response.mediaType == "application/problem+json", response.status >= 400,
            let problem = decode(ProblemDetails.self, response.body)
        {
            return .refused(problem, retryAfter: response.retryAfter)
        }
        return .notAnAnswer(status: response.status, mediaType: response.mediaType)
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) -> Value? {
        // Certificates are longer than a value may be elsewhere.
        guard (try? JSONGuard.check(bytes, maximumValueBytes: 64 << 10)) != nil else { return nil }
        return try? JSONDecoder().decode(type, from: Data(bytes))
    }

    private func json(_ value: some Encodable) throws(CollectorError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return Array(try encoder.encode(value)) } catch { throw .request("\(error)") }
    }
}
