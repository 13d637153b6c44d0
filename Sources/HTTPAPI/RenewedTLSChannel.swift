import FleetCA
import HummingbirdCore
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// TLS in front of a channel, with the certificate that holds when the connection begins: Hummingbird's own channel makes
/// its context once for the life of the listener.
struct RenewedTLSChannel<Base: ServerChildChannel>: ServerChildChannel {
    typealias Value = Base.Value

    let base: Base
    let contexts: TLSContexts
    let verification: TLSContexts.Verification?

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(
                NIOSSLServerHandler(
                    context: contexts.current(logger), customVerificationCallback: verification, configuration: .init())
            )
        }.flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: Base.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}

extension HTTPServerBuilder {
    /// HTTP/1.1 over TLS whose certificate may be replaced while the listener stands.
    static func renewedTLS(
        _ configuration: HTTP1Channel.Configuration, contexts: TLSContexts,
        verification: TLSContexts.Verification? = nil
    ) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            RenewedTLSChannel(
                base: HTTP1Channel(responder: responder, configuration: configuration),
                contexts: contexts, verification: verification)
        }
    }
}

/// The TLS context of one listener, made anew when the server's certificate was replaced.
final class TLSContexts: Sendable {
    /// Decides about a client's chain.
    typealias Verification =
        @Sendable ([NIOSSLCertificate], EventLoopPromise<NIOSSLVerificationResult>) -> Void

    private let identity: ServerIdentity
    private let configure: @Sendable (ServerCertificate) throws -> TLSConfiguration
    private let made: Mutex<(context: NIOSSLContext, generation: Int)>

    /// Contexts for `identity`; throws when the certificate that is there cannot be used.
    init(_ identity: ServerIdentity, configure: @escaping @Sendable (ServerCertificate) throws -> TLSConfiguration)
        throws
    {
        self.identity = identity
        self.configure = configure
        let (certificate, generation) = identity.current
        made = Mutex((try NIOSSLContext(configuration: try configure(certificate)), generation))
    }

    /// The context for a connection that begins now. A certificate that cannot be used leaves the one before in force.
    func current(_ logger: Logger) -> NIOSSLContext {
        let (certificate, generation) = identity.current
        return made.withLock { made in
            guard made.generation != generation else { return made.context }
            made.generation = generation
            do {
                made.context = try NIOSSLContext(configuration: try configure(certificate))
            } catch {
                logger.error("the renewed server certificate cannot be used", metadata: ["error": "\(error)"])
            }
            return made.context
        }
    }
}
