import Stores
import Wire

/// An answer before it is written.
public struct APIResponse: Sendable {
    /// HTTP status.
    public var status: Int
    /// Media type of the body.
    public var mediaType: String
    /// The body.
    public var body: [UInt8]
    /// Seconds for `Retry-After`; nil for none.
    public var retryAfter: Int?
    /// Methods for `Allow`; empty for none.
    public var allow: [String] = []
    /// Further header fields, in order; names and values are ours or were checked for control characters.
    public var fields: [(name: String, value: String)] = []
    /// What caches may do with it; by default nothing is kept.
    public var cacheControl = "no-store"
    /// Pieces of a body that is written as it comes to be, instead of ``body``; ends with the peer or the collector.
    public var stream: BodyStream?

    /// Versions of the records that the answer was made from, where the store keeps them.
    var expectations: [Expectation] = []
    /// The route that answered, for meters; nil when none fitted.
    var route: (method: String, path: String)?

    /// A body in pieces.
    public typealias BodyStream = any AsyncSequence<[UInt8], any Error> & Sendable

    /// An answer.
    public init(status: Int, mediaType: String, body: [UInt8], retryAfter: Int? = nil) {
        self.status = status
        self.mediaType = mediaType
        self.body = body
        self.retryAfter = retryAfter
    }

    /// JSON with status 200 or another.
    public static func json(_ value: JSON, status: Int = 200) -> APIResponse {
        APIResponse(status: status, mediaType: "application/json", body: value.bytes)
    }

    /// Plain text.
    public static func text(_ text: String, mediaType: String = "text/plain; charset=utf-8") -> APIResponse {
        APIResponse(status: 200, mediaType: mediaType, body: Array(text.utf8))
    }

    /// JSON that is encoded already.
    static func encoded(_ bytes: [UInt8]) -> APIResponse {
        APIResponse(status: 200, mediaType: "application/json", body: bytes)
    }

    /// Problem details (RFC 9457).
    public static func problem(_ problem: ProblemDetails, retryAfter: Int? = nil) -> APIResponse {
        var answer = APIResponse(
            status: problem.status, mediaType: "application/problem+json",
            body: Shape<ProblemDetails>.problem.write(problem).bytes, retryAfter: retryAfter)
        if problem.status == 401 {
            // GLPI agents read the challenge as it stands here, so there are no parameters behind the realm.
            let isSite = problem.type == ProblemDetails.siteSecretMissing.type
            answer.fields.append(("WWW-Authenticate", isSite ? #"Basic realm="Muster""# : "Bearer"))
        }
        return answer
    }
}
