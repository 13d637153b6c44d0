import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Wire

/// One listening port or socket with its routes, as a service.
///
/// Everything a peer can do wrong ends in an answer or a closed connection: sizes and times are limited here, names and
/// values in ``RequestTarget`` and ``APIRequest``.
struct Listener: Sendable {
    /// `agents`, `api` or `socket`, for logs and metrics.
    let name: String
    let routes: RouteTable
    let counters: RequestMeters
    /// How long a body may take to arrive.
    var bodySeconds = 30
    /// The port's connections; nil where every peer is known by the kernel.
    var registry: ConnectionRegistry?
    /// How many refusals are told.
    var lines = RefusalLines()
    /// Establishes who makes a request.
    let identify: @Sendable (HTTPFields, ConnectionContext) async throws -> Caller

    /// A connection without a request for so long is closed; a long poll is a request.
    static let idleSeconds: Int64 = 60

    /// Limits of headers, and of connections where there is a registry.
    static func channelConfiguration(_ registry: ConnectionRegistry?) -> HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            additionalChannelHandlers: handlers(registry),
            idleTimeout: .seconds(idleSeconds),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 16_384, maxHeaderListSize: 32_768, maxHeaderFieldCount: 100))
    }

    private static func handlers(_ registry: ConnectionRegistry?) -> [any RemovableChannelHandler] {
        guard let registry else { return [BodyJoiner()] }
        return [BodyJoiner(), ConnectionGuard(registry)]
    }

    func service(
        server: HTTPServerBuilder, bind: BindAddress, logger: Logger,
        onRunning: @escaping @Sendable (any Channel) async -> Void
    ) -> any Service {
        Application(
            responder: CallbackResponder<ConnectionContext> { request, context in
                await respond(to: request, context: context)
            },
            server: server,
            configuration: ApplicationConfiguration(
                address: bind, backlog: 1024,
                // The registry decides who goes when there is no more room; this only bounds what it does not see.
                availableConnectionsDelegate: MaximumAvailableConnections((registry?.limits.most ?? 1024) + 64)),
            onServerRunning: onRunning, logger: logger)
    }

    private func respond(to request: Request, context: ConnectionContext) async -> Response {
        let start = ContinuousClock.now
        let (answer, error) = await answer(request, context: context)
        counters.note(listener: name, answer, took: start.duration(to: .now))
        log(request, answer, error: error, context: context)
        var fields: HTTPFields = [
            .contentType: answer.mediaType, .cacheControl: answer.cacheControl, .xContentTypeOptions: "nosniff",
        ]
        for (name, value) in answer.fields {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        if let seconds = answer.retryAfter { fields[.retryAfter] = String(seconds) }
        if !answer.allow.isEmpty { fields[.allow] = answer.allow.joined(separator: ", ") }
        // The body of a refused request may be endless: it is drained for two seconds, so that the peer can read the
        // answer, and then the connection is closed.
        if [408, 413, 415].contains(answer.status) {
            fields[.connection] = "close"
            context.channel.eventLoop.scheduleTask(in: .seconds(2)) { context.channel.close(promise: nil) }
        }
        let response = Response(status: .init(code: answer.status), headers: fields, body: Self.body(of: answer))
        return request.method == .head ? response.createHeadResponse() : response
    }

    private static func body(of answer: APIResponse) -> ResponseBody {
        guard let stream = answer.stream else { return ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)) }
        return ResponseBody { writer in
            try await write(stream, to: &writer)
            try await writer.finish(nil)
        }
    }

    private static func write(
        _ pieces: some AsyncSequence<[UInt8], any Error> & Sendable, to writer: inout any ResponseBodyWriter
    ) async throws {
        for try await piece in pieces.cancelOnGracefulShutdown() { try await writer.write(ByteBuffer(bytes: piece)) }
    }

    private func answer(_ request: Request, context: ConnectionContext) async -> (APIResponse, (any Error)?) {
        let caller: Caller
        do {
            caller = try await identify(request.headers, context)
        } catch {
            let (problem, retryAfter) = ProblemDetails.from(error)
            return (.problem(problem, retryAfter: retryAfter), error)
        }
        switch caller {
        case .nobody, .ended: break
        default: registry?.isKnown(context.channel)
        }
        return await routes.answer(
            method: request.method.rawValue, target: request.head.path ?? "", caller: caller, address: context.address,
            fields: RequestFields(request.headers),
            body: { try await BodyReader.read(request, seconds: bodySeconds) })
    }

    private func log(_ request: Request, _ answer: APIResponse, error: (any Error)?, context: ConnectionContext) {
        guard answer.status >= 400 else { return }
        // Method and path come from outside: only their shape is logged, control bytes were refused or are escaped.
        lines.write(
            context.logger, answer.status >= 500 ? .error : .notice, "request refused",
            [
                "listener": "\(name)", "peer": "\(context.address)", "status": "\(answer.status)",
                "path": "\(oneLine(String((request.head.path ?? "").prefix(200))))",
                "reason": "\(oneLine(reason(error)))",
            ])
    }
}

private func reason(_ error: (any Error)?) -> String {
    if let problem = error as? ProblemDetails { return problem.detail }
    return error.map { "\($0)" } ?? ""
}

/// Foreign text as it may stand in one line of a log: control and invisible scalars escaped (threats M10).
func oneLine(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
            result += "\\u{" + String(scalar.value, radix: 16) + "}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
