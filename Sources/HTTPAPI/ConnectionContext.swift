import Hummingbird
import Logging
import NIOCore

/// What Hummingbird hands over with each request: the connection it came on.
struct ConnectionContext: InitializableFromSource {
    /// The connection; its TLS handler knows the peer's certificate.
    let channel: any Channel
    /// A logger that carries the request's id.
    let logger: Logger

    init(source: ApplicationRequestContextSource) {
        channel = source.channel
        logger = source.logger
    }

    /// The peer's address without its port; `local` for a unix socket.
    var address: String { channel.remoteAddress?.ipAddress ?? "local" }
}
