import FoundationEssentials
import Model
import Testing
import Wire

@testable import AgentRuntime

@Suite("CollectorClient")
struct CollectorClientTests {
    private let batch = Batch(
        epoch: 7,
        frames: [Frame(sequence: 3, claimedTime: Timestamp(milliseconds: 1), kind: 6, payload: Array("{}".utf8))])

    private func client(_ response: CollectorResponse) -> CollectorClient {
        CollectorClient(transport: ScriptedTransport { _, _ throws(TransportError) in response })
    }

    private func answer(epoch: UInt64 = 7, acknowledged: UInt64 = 3) -> AgentAnswer {
        AgentAnswer(epoch: epoch, acknowledged: acknowledged, stored: 1, duplicates: 0, refused: [], wants: [])
    }

    @Test("A batch goes packed, with its media type, and unpacks to itself")
    func request() async throws {
        let transport = ScriptedTransport { _, request throws(TransportError) in .acknowledging(request) }
        #expect(try await CollectorClient(transport: transport).send(batch).acknowledged == 3)
        let request = try #require(transport.requests.first)
        #expect(request.path == "/v1/agent/reports" && request.isPacked && request.mediaType == Batch.mediaType)
        #expect(try Batch(decoding: try Gzip.decompress(request.body)) == batch)
    }

    @Test("N5: Only 200 with JSON that is an answer for this epoch and these frames is an acknowledgement")
    func notAnAcknowledgement() async {
        let body = Array("<html>log in</html>".utf8)
        let good = (try? JSONEncoder().encode(answer())).map { Array($0) } ?? []
        let responses = [
            CollectorResponse(status: 200, mediaType: "text/html", retryAfter: nil, body: body),
            CollectorResponse(status: 200, mediaType: "text/html", retryAfter: nil, body: good),
            CollectorResponse(status: 200, mediaType: "", retryAfter: nil, body: good),
            CollectorResponse(status: 200, mediaType: "application/json", retryAfter: nil, body: body),
            CollectorResponse(status: 200, mediaType: "application/json", retryAfter: nil, body: Array("{}".utf8)),
            CollectorResponse(status: 200, mediaType: "application/json", retryAfter: nil, body: []),
            CollectorResponse(status: 200, mediaType: "application/json", retryAfter: nil, body: good + good),
            CollectorResponse(status: 204, mediaType: "application/json", retryAfter: nil, body: []),
            CollectorResponse(status: 201, mediaType: "application/json", retryAfter: nil, body: good),
            CollectorResponse(status: 302, mediaType: "application/json", retryAfter: nil, body: good),
            CollectorResponse(status: 503, mediaType: "application/json", retryAfter: nil, body: good),
            .json(answer(epoch: 8)), .json(answer(acknowledged: 4)), .json(answer(acknowledged: .max)), .problem(403),
        ]
        for response in responses {
            await #expect(throws: CollectorError.self) { try await client(response).send(batch) }
        }
    }

    @Test("A refusal carries the collector's words and its Retry-After")
    func refusal() async {
        do {
            _ = try await client(.problem(429, retryAfter: 17)).send(batch)
            Issue.record("no error")
        } catch {
            #expect(error.description == "refused (429): because")
            #expect(error.retryAfter == .seconds(17))
        }
    }

    @Test("A cursor that does not belong into a URL is left out")
    func cursor() async throws {
        let transport = ScriptedTransport { _, _ throws(TransportError) in .json(WantsAnswer(cursor: "c", wants: [])) }
        let client = CollectorClient(transport: transport)
        for cursor in ["", "a-1_Z", "a b", "x&y=1", "ä", "1\r\nX: y"] { _ = try await client.wants(after: cursor) }
        #expect(
            transport.requests.map(\.path) == [
                "/v1/agent/wants", "/v1/agent/wants?after=a-1_Z", "/v1/agent/wants", "/v1/agent/wants",
                "/v1/agent/wants", "/v1/agent/wants",
            ])
    }

    @Test("Media types are compared without parameters and case")
    func mediaTypes() {
        #expect(mediaType("Application/JSON; charset=utf-8") == "application/json")
        #expect(mediaType("application/json ;x") == "application/json")
        #expect(mediaType(nil).isEmpty)
    }

    @Test("Waits grow to their cap with jitter; Retry-After is the least")
    func backoff() {
        var backoff = Backoff(cap: .seconds(8))
        var waits: [Duration] = []
        for _ in 0..<10 { waits.append(backoff.next()) }
        for (index, wait) in waits.enumerated() {
            let step = Duration.seconds(min(1 << index, 8))
            #expect(wait >= step * 0.5 && wait <= step)
        }
        #expect(backoff.next(retryAfter: .seconds(20)) >= .seconds(20))
        #expect(backoff.next(retryAfter: .seconds(20)) <= .seconds(23))
        #expect(backoff.next(retryAfter: .seconds(-5)) < .seconds(1))
        #expect(backoff.next(retryAfter: .seconds(1_000_000)) < .seconds(4000))
        backoff.reset()
        #expect(backoff.next() <= .seconds(1))
    }
}
