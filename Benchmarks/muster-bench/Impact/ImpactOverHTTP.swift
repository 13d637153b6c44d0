import FoundationEssentials
import Model
import Outbound

/// Impact asked of a running collector: TLS, an API token, a connection that is kept.
struct ImpactOverHTTP {
    let collector: BenchCollector
    let rounds: Int

    func run(busy: CIID, ordinary: [CIID], past: Timestamp) async throws {
        let (running, ready) = try await collector.start()
        defer { running.stop() }
        let tree = ProcessTree(root: running.pid)
        Figure("impact_collector_ready_seconds", ready, "s", note: "from its start to /readyz").print()
        let session = try await APISession(collector)
        let began = ContinuousClock.now
        _ = try await session.get("/v1/impact?ci=\(busy)")
        Figure(
            "impact_collector_graph_seconds", ready + began.secondsSince, "s",
            note: "from its start to the first answer about the busiest CI"
        ).print()
        try await times("impact_http_busy", rounds, session) { _ in "/v1/impact?ci=\(busy)" }
        if !ordinary.isEmpty {
            try await times("impact_http_ordinary", rounds * 10, session) { round in
                "/v1/impact?ci=\(ordinary[round % ordinary.count])"
            }
            try await times("impact_http_ordinary_past", max(rounds / 5, 1), session) { round in
                "/v1/impact?ci=\(ordinary[round % ordinary.count])&as_of=\(past.rfc3339)"
            }
        }
        Figure("impact_collector_resident", tree.memory().resident, "MiB", note: "after all questions").print()
    }

    private func times(_ figure: String, _ count: Int, _ session: APISession, _ path: (Int) -> String) async throws {
        var milliseconds: [Double] = []
        var bytes = 0
        for round in 0..<count {
            let began = ContinuousClock.now
            bytes = max(bytes, try await session.get(path(round)).count)
            milliseconds.append(began.secondsSince * 1000)
        }
        let found = Statistics(milliseconds)
        let note = "largest answer \(bytes) bytes, \(count) requests"
        Figure("\(figure)_p50", found.median, "ms", note: note).print()
        Figure("\(figure)_p99", found.p99, "ms", note: note).print()
    }
}

/// A program that reads the API: an API token and one TLS connection that is kept.
struct APISession {
    private let collector: BenchCollector
    private let token: String

    init(_ collector: BenchCollector) async throws {
        struct Answer: Decodable { var token: String }
        self.collector = collector
        token = try await collector.json(
            Answer.self, .post, "/v1/api-tokens",
            body: #"{"name": "muster-bench", "scope": "read", "life_seconds": 3600}"#
        ).token
    }

    /// The body of the answer; anything but 200 is an error.
    func get(_ path: String) async throws -> [UInt8] {
        var request = OutboundRequest(
            .get, url: collector.url + path, headers: [("Authorization", "Bearer " + token)], tls: collector.trust)
        request.limits.total = .seconds(300)
        request.limits.responseBytes = 256 << 20
        let answer = try await collector.client.send(request)
        guard answer.status == 200 else {
            throw BenchError(
                "\(path) answered \(answer.status): \(String(decoding: answer.body.prefix(300), as: UTF8.self))")
        }
        return answer.body
    }
}
