import Outbound

/// What channels need of the outbound client, so that tests can stand in for the network.
public protocol OutboundSending: Sendable {
    /// Sends a request and returns the status of its answer.
    func status(of request: OutboundRequest) async throws(OutboundError) -> Int
    /// Hands a message to a mail server.
    func deliver(_ mail: MailSubmission) async throws(OutboundError)
}

extension OutboundClient: OutboundSending {
    /// Sends a request and returns the status of its answer.
    public func status(of request: OutboundRequest) async throws(OutboundError) -> Int {
        try await send(request).status
    }
}
