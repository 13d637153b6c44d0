import CollectorServices
import Model
import Wire

/// Routes for machines that watch the collector.
struct HealthRoutes: Sendable {
    let readiness: ReadinessProbe
    let metrics: CollectorMetrics

    var all: [Route] {
        [
            Route(
                "GET", "/healthz", .everybody, "The process lives.", answers: .status("ok"),
                { (_: NoInput, _) in "ok" }),
            Route(
                "GET", "/readyz", .everybody,
                "Every listener stands, the store can be written and the graph has caught up.",
                answers: .status("ready"), ready),
            Route(
                "GET", "/metrics", .accounts(.read), "What the collector measures of itself (OpenMetrics 1.0).",
                mediaType: OpenMetricsText.mediaType, schema: .type("string")
            ) { Array(try await metrics.text().utf8) },
        ]
    }

    @Sendable private func ready(_ input: NoInput, _ request: APIRequest) async throws -> String {
        if let missing = await readiness.missing() {
            throw ProblemDetails("not-ready", 503, "Not ready", missing)
        }
        return "ready"
    }
}

extension Shape where Value == String {
    /// A status in one word.
    fileprivate static func status(_ word: String) -> Shape {
        let status = Shape<String>(schema: .words([word])) { .text($0) }
        return .object(nil, [Member("status", status) { $0 }])
    }
}
