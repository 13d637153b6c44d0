import FoundationEssentials
import Synchronization
import Wire

@testable import AgentRuntime

/// A collector of the test's own making: each request is answered by a closure and kept.
final class ScriptedTransport: CollectorTransport {
    private struct State {
        var requests: [CollectorRequest] = []
    }

    private let state = Mutex(State())
    private let answer: @Sendable (Int, CollectorRequest) async throws(TransportError) -> CollectorResponse

    init(_ answer: @escaping @Sendable (Int, CollectorRequest) async throws(TransportError) -> CollectorResponse) {
        self.answer = answer
    }

    var requests: [CollectorRequest] { state.withLock { $0.requests } }

    func exchange(_ request: CollectorRequest) async throws(TransportError) -> CollectorResponse {
        let number = state.withLock { state in
            state.requests.append(request)
            return state.requests.count
        }
        return try await answer(number, request)
    }
}

extension CollectorResponse {
    static func json(_ value: some Encodable, status: Int = 200, retryAfter: Int? = nil) -> CollectorResponse {
        let body = (try? JSONEncoder().encode(value)).map { Array($0) } ?? []
        let type = status < 400 ? "application/json" : "application/problem+json"
        return CollectorResponse(status: status, mediaType: type, retryAfter: retryAfter, body: body)
    }

    /// Acknowledges all of a batch.
    static func acknowledging(_ request: CollectorRequest) -> CollectorResponse {
        guard let bytes = try? Gzip.decompress(request.body), let batch = try? Batch(decoding: bytes) else {
            return .json(
                ProblemDetails(type: "/problems/bad-batch", title: "", status: 400, detail: "bad"), status: 400)
        }
        return .json(
            AgentAnswer(
                epoch: batch.epoch, acknowledged: batch.frames.last?.sequence ?? 0, stored: batch.frames.count,
                duplicates: 0, refused: [], wants: []))
    }

    static func problem(_ status: Int, retryAfter: Int? = nil) -> CollectorResponse {
        .json(
            ProblemDetails(type: "/problems/x", title: "x", status: status, detail: "because"), status: status,
            retryAfter: retryAfter)
    }
}
