import Wire

/// What each status of a problem document means.
enum Problems {
    static let titles: [Int: String] = [
        400: "The request is wrong: what, where, and what is accepted.",
        401: "No token, or one that is not known or has ended.",
        403: "The token's scope does not allow it.",
        404: "What is named does not exist.",
        408: "The body took too long to arrive.",
        409: "It does not fit to what is stored now.",
        412: "If-Match names another version than the one stored now.",
        413: "The body is too large.",
        414: "The request target is too long.",
        415: "The content encoding is not known.",
        422: "The Idempotency-Key was used for another request.",
        429: "Too many requests; Retry-After says when to try again.",
        500: "The collector failed; its log says why.",
        503: "The store or a part is not available; Retry-After says when to try again.",
    ]
}

extension Shape where Value == ProblemDetails {
    /// Problem details (RFC 9457).
    static var problem: Shape {
        .object(
            "Problem",
            [
                Member("type", .text, "A stable name of the problem.") { $0.type },
                Member("title", .text) { $0.title },
                Member("status", .number) { $0.status },
                Member("detail", .text, "One line: what failed and what to do.") { $0.detail },
            ])
    }
}
