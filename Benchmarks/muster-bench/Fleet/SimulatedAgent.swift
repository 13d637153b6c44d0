import CCrypto
import FoundationEssentials
import Model
import Outbound
import Wire

/// One agent: its certificate, its connection, its epoch and sequence. It speaks as the real one does.
struct SimulatedAgent: Sendable {
    let host: SimulatedHost
    let url: String
    let tls: TLSSettings
    let client: OutboundClient
    let epoch: UInt64
    var sequence: UInt64 = 0

    /// Joins with `token`: reads the chain, pins the CA, sends the secret, keeps the certificate in memory.
    init(host: SimulatedHost, token: JoinToken, client: OutboundClient) async throws {
        self.host = host
        self.client = client
        epoch = UInt64.random(in: 1...UInt64.max)
        url = "https://" + (token.host.contains(":") ? "[\(token.host)]" : token.host) + ":\(token.port)"
        let authority = try await SimulatedAgent.authority(token, client)
        let (key, request) = try SimulatedAgent.keyAndRequest()
        let body = EnrolRequest(
            secret: token.secret, request: request, hostname: host.hostname, machineID: host.hostname,
            version: "bench")
        let response = try await client.send(
            OutboundRequest(
                .post, url: url + "/v1/agent/enrol", headers: [("Content-Type", "application/json")],
                body: Array(try JSONEncoder().encode(body)), tls: TLSSettings(trust: .pem(authority))))
        guard response.status == 200 else {
            throw BenchError("enrolment answered \(response.status): \(String(decoding: response.body, as: UTF8.self))")
        }
        let answer = try JSONDecoder().decode(CertificateAnswer.self, from: Data(response.body))
        tls = TLSSettings(
            trust: .pem(authority), identity: .pem(certificate: Array(answer.certificate.utf8), key: key))
    }

    /// Sends `reports` as one batch and returns the time to the answer.
    mutating func send(_ reports: [Report]) async throws -> Duration {
        var frames: [Frame] = []
        for report in reports {
            sequence += 1
            let (kind, payload) = try ReportCodec.encode(report)
            let time = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
            frames.append(Frame(sequence: sequence, claimedTime: time, kind: kind.rawValue, payload: payload))
        }
        let body = try Gzip.compress(Batch(epoch: epoch, frames: frames).encoded(), level: 1)
        let headers = [("Content-Type", Batch.mediaType), ("Content-Encoding", "gzip")]
        let started = ContinuousClock.now
        let response = try await client.send(
            OutboundRequest(.post, url: url + "/v1/agent/reports", headers: headers, body: body, tls: tls))
        let took = ContinuousClock.now - started
        guard response.status == 200 else {
            if response.status == 503 { throw BenchBusy() }
            throw BenchError("report answered \(response.status): \(String(decoding: response.body, as: UTF8.self))")
        }
        let answer = try JSONDecoder().decode(AgentAnswer.self, from: Data(response.body))
        guard answer.acknowledged == sequence, answer.refused.isEmpty else {
            throw BenchError("acknowledged \(answer.acknowledged) of \(sequence), refused \(answer.refused.count)")
        }
        return took
    }

    private static func authority(_ token: JoinToken, _ client: OutboundClient) async throws -> [UInt8] {
        for pem in try await client.peerChain(host: token.host, port: token.port) {
            var info = muster_certificate()
            let bytes = Array(pem.utf8)
            guard muster_certificate_read(bytes, bytes.count, &info) == 1 else { continue }
            let digest = withUnsafeBytes(of: info.sha256) { hexadecimal($0) }
            if digest == token.authority.description { return bytes }
        }
        throw BenchError("the collector does not show the CA that the token names")
    }

    private static func keyAndRequest() throws -> (key: [UInt8], request: String) {
        var key = [CChar](repeating: 0, count: 4096)
        let keyLength = muster_key_generate(&key, key.count)
        var request = [CChar](repeating: 0, count: 4096)
        let requestLength = muster_request_make(key, keyLength, "muster-agent", &request, request.count)
        guard keyLength > 0, requestLength > 0 else { throw BenchError("libcrypto made no key or request") }
        return (octets(key, keyLength), String(decoding: octets(request, requestLength), as: UTF8.self))
    }

    private static func octets(_ text: [CChar], _ length: Int) -> [UInt8] {
        text.prefix(length).map { UInt8(bitPattern: $0) }
    }
}

/// The collector has too many reports at once: the agent is to come again.
struct BenchBusy: Error, CustomStringConvertible {
    var description: String { "report answered 503: the collector has too many at once" }
}
