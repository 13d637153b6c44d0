import Outbound
import Synchronization

/// ``CollectorTransport`` over the one outbound client; the certificate in use can be changed while it runs.
final class OutboundTransport: CollectorTransport {
    /// With what the agent shows itself, and whom it trusts.
    struct Credential: Sendable {
        /// The fleet CA in PEM: the only authority.
        var authority: [UInt8]
        /// Certificate and key in PEM; nil before enrolment.
        var identity: (certificate: [UInt8], key: [UInt8])?
    }

    private let client: OutboundClient
    private let base: String
    private let credential: Mutex<Credential>

    /// The way to `host` and `port`.
    init(client: OutboundClient, host: String, port: Int, credential: Credential) {
        self.client = client
        let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        base = "https://\(name):\(port)"
        self.credential = Mutex(credential)
    }

    /// Shows another certificate from the next connection on.
    func use(_ new: Credential) { credential.withLock { $0 = new } }

    func exchange(_ request: CollectorRequest) async throws(TransportError) -> CollectorResponse {
        let current = credential.withLock { $0 }
        var headers: [(name: String, value: String)] = []
        if request.method == .post { headers.append((name: "Content-Type", value: request.mediaType)) }
        if request.isPacked { headers.append((name: "Content-Encoding", value: "gzip")) }
        if let tag = request.knownTag { headers.append((name: "If-None-Match", value: "\"\(tag)\"")) }
        let identity: TLSSettings.Identity =
            current.identity.map { .pem(certificate: $0.certificate, key: $0.key) } ?? .anonymous
        let outbound = OutboundRequest(
            request.method == .post ? .post : .get, url: base + request.path, headers: headers,
            body: request.method == .post ? request.body : nil,
            tls: TLSSettings(trust: .pem(current.authority), identity: identity),
            limits: TransferLimits(connect: .seconds(10), total: request.timeout, responseBytes: 1 << 20))
        do {
            let response = try await client.send(outbound)
            return CollectorResponse(
                status: response.status, mediaType: mediaType(response.header("Content-Type")),
                retryAfter: response.header("Retry-After").flatMap { Int($0) }, body: response.body)
        } catch {
            throw TransportError(description: error.description)
        }
    }
}

/// The media type without its parameters, lower case in ASCII.
func mediaType(_ header: String?) -> String {
    let type = (header ?? "").utf8.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
    return String(decoding: type.map { (65...90).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
}
