import HTTPAPI
import Wire

/// Takes browsers' reports of content that the policy kept from loading or running: each stands in the log, because
/// our own pages cause none.
enum CSPReports {
    static let route = Route("POST", "/csp-report", .everybody) { request in
        guard request.body.count <= 16_384 else {
            throw ProblemDetails(
                type: "/problems/csp-report", title: "Report refused", status: 413, detail: "the report is too large")
        }
        // Answered as a refusal so that the listener logs it with path and peer.
        throw ProblemDetails(
            type: "/problems/csp-report", title: "Content policy", status: 422,
            detail: "a browser reports a breach of the content policy: "
                + String(decoding: request.body.prefix(2000), as: UTF8.self))
    }
}
