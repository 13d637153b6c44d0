/// One request to the collector's agents' port.
struct CollectorRequest: Sendable {
    /// A method the agents' routes have.
    enum Method: Sendable { case get, post }

    var method: Method
    /// Path and query.
    var path: String
    /// Media type of the body.
    var mediaType = "application/json"
    /// Whether the body is gzip.
    var isPacked = false
    var body: [UInt8] = []
    /// A tag for `If-None-Match`: 304 when that is what there is.
    var knownTag: String?
    /// Until the answer is complete.
    var timeout = Duration.seconds(30)
}

/// What came back.
struct CollectorResponse: Sendable {
    var status: Int
    /// Media type without parameters, lower case; empty where there is none.
    var mediaType: String
    /// `Retry-After` in seconds, where it is a number.
    var retryAfter: Int?
    var body: [UInt8]
}

/// No answer at all: one line saying why.
struct TransportError: Error, Hashable, CustomStringConvertible {
    var description: String
}

/// The way to the collector: TLS to the fleet CA only, with the agent's certificate where it has one.
protocol CollectorTransport: Sendable {
    /// Sends and waits for the whole answer.
    func exchange(_ request: CollectorRequest) async throws(TransportError) -> CollectorResponse
}
