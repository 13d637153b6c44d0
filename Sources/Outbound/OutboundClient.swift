import Synchronization

/// The one client for connections that leave this program: HTTP, HTTPS and mail, over libcurl.
///
/// Many requests may run at once; connections are kept and used again by requests with the same peer and the same TLS
/// settings. Redirects, proxies of the environment, content codings and other protocols are not used. The thread behind
/// the client ends with the client.
public final class OutboundClient: Sendable {
    private let engine: TransferEngine?

    /// A client with a thread of its own.
    public init() {
        let engine = TransferEngine()
        self.engine = engine?.start() == true ? engine : nil
    }

    deinit { engine?.stop() }

    /// Ends every running transfer with `closed`; later ones fail the same way.
    public func close() { engine?.stop() }

    /// Sends a request and waits for the whole answer; any status is an answer.
    /// - Throws: ``OutboundError``; `cancelled` soon after the task is cancelled.
    public func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        try RequestGuard.check(request)
        let plan = TransferPlan(
            url: request.url, target: RequestGuard.target(of: request.url), method: request.method,
            headerLines: headerLines(of: request), body: request.body, tls: request.tls, limits: request.limits,
            addresses: request.addresses, unixSocket: request.unixSocket,
            isFresh: request.isFresh)
        return try await perform(plan).response
    }

    /// Hands a message to a mail server; returns once the server has taken responsibility for it.
    /// - Throws: ``OutboundError`` with the server's status where it gave one.
    public func deliver(_ mail: MailSubmission) async throws(OutboundError) {
        try mail.check()
        let url = mail.target + "/" + mail.localName
        let plan = TransferPlan(url: url, target: mail.target, tls: mail.tls, limits: mail.limits, mail: mail)
        _ = try await perform(plan)
    }

    /// The certificates that a TLS server presents, leaf first, as PEM: **nothing is verified**.
    ///
    /// Only for pinning: compare what comes back with a hash that was known before, then send with that authority as
    /// ``TLSSettings/Trust/pem(_:)``. The handshake is all that is exchanged; no application data is sent.
    public func peerChain(
        host: String, port: Int, timeout: Duration = .seconds(10)
    ) async throws(OutboundError) -> [String] {
        let target = "https://" + authority(host: host, port: port)
        guard RequestGuard.isHost(host), (1...65535).contains(port) else {
            throw OutboundError(.badRequest, target: target, reason: "no valid host and port")
        }
        var plan = TransferPlan(url: target + "/", target: target, method: .get)
        plan.limits = TransferLimits(connect: timeout, total: timeout)
        plan.onlyPeerChain = true
        return try await perform(plan).peerChain
    }

    private func perform(_ plan: TransferPlan) async throws(OutboundError) -> TransferOutcome {
        guard let engine else { throw OutboundError(.closed, target: plan.target, reason: "no thread for it") }
        let transfer = Transfer(plan)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                transfer.continuation = continuation
                if !engine.add(transfer) {
                    transfer.finish(.failure(OutboundError(.closed, target: plan.target)))
                }
            }
        } onCancel: {
            transfer.isCancelled.store(true, ordering: .releasing)
            engine.wake()
        }
        return try result.get()
    }
}

private func headerLines(of request: OutboundRequest) -> [String] {
    // In curl's lists `Name:` takes a header away and `Name;` sends it empty.
    var lines = request.headers.map { $0.value.isEmpty ? $0.name + ";" : $0.name + ": " + $0.value }
    let names = request.headers.map { lowercased($0.name) }
    if !names.contains(Array("expect".utf8)) { lines.append("Expect:") }
    if request.body != nil, !names.contains(Array("content-type".utf8)) { lines.append("Content-Type:") }
    return lines
}
