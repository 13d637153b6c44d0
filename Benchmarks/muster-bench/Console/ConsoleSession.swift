import FoundationEssentials
import Outbound

/// A person who is signed in with a one-time link, as a browser would be.
struct ConsoleSession {
    private let collector: BenchCollector
    private let cookie: String

    init(_ collector: BenchCollector) async throws {
        struct Nothing: Decodable {}
        struct Link: Decodable { var link: String }
        self.collector = collector
        _ = try await collector.json(Nothing.self, .post, "/v1/users", body: #"{"name": "bench", "role": "admin"}"#)
        let link = try await collector.json(Link.self, .post, "/v1/users/bench/sign-in-link", body: "{}").link
        guard let secret = link.split(separator: "=").last, let path = link.split(separator: "?").first else {
            throw BenchError("the collector made no sign-in link")
        }
        let place = "/" + path.split(separator: "/").dropFirst(2).joined(separator: "/")
        var request = OutboundRequest(
            .post, url: collector.url + place + "/link",
            headers: [("Content-Type", "application/x-www-form-urlencoded"), ("Origin", collector.url)],
            body: Array("link=\(secret)&next=/".utf8), tls: collector.trust)
        request.limits.total = .seconds(30)
        let answer = try await collector.client.send(request)
        guard let field = answer.header("set-cookie"), let value = field.split(separator: ";").first else {
            throw BenchError("signing in at \(place)/link answered \(answer.status) without a cookie")
        }
        cookie = String(value)
    }

    /// A page or file; the connection is kept. A stream that does not end is cut off after ten seconds.
    func get(_ path: String) async throws -> OutboundResponse {
        var request = OutboundRequest(
            .get, url: collector.url + path,
            headers: [("Cookie", cookie), ("Accept", "text/html"), ("Accept-Language", "en")], tls: collector.trust)
        request.limits.total = .seconds(10)
        request.limits.responseBytes = 64 << 20
        return try await collector.client.send(request)
    }
}
