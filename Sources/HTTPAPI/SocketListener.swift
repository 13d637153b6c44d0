import CollectorServices
import FleetCA
import Glibc
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Wire

/// The unix socket for `muster` on the collector's own host: the kernel says who the peer is, so no token is needed.
public struct SocketListener: Sendable {
    /// What `SO_PEERCRED` gives (unix(7), `struct ucred`).
    private struct PeerCredentials {
        var process: Int32 = 0
        var user: UInt32 = 0
        var group: UInt32 = 0
    }

    private let counters: RequestMeters

    /// A listener that counts its requests in `counters`.
    public init(counters: RequestMeters) { self.counters = counters }

    /// The socket at `path`, replaced when one is left from an earlier run; root and the collector's own user may use it.
    public func service(
        routes: RouteTable, path: String, logger: Logger,
        onRunning: @escaping @Sendable () async -> Void = {}
    ) -> any Service {
        let listener = Listener(name: "socket", routes: routes, counters: counters) { _, context in
            try await Self.caller(on: context.channel)
        }
        return listener.service(
            server: .http1(configuration: Listener.channelConfiguration(nil)), bind: .unixDomainSocket(path: path),
            logger: logger,
            onRunning: { _ in
                chmod(path, 0o600)
                await onRunning()
            })
    }

    private static func caller(on channel: any Channel) async throws -> Caller {
        guard let socket = channel as? any SocketOptionProvider else { return .nobody(.absent) }
        let peer: PeerCredentials = try await socket.unsafeGetSocketOption(
            level: NIOBSDSocket.OptionLevel(rawValue: SOL_SOCKET), name: NIOBSDSocket.Option(rawValue: SO_PEERCRED)
        ).get()
        guard peer.user == 0 || peer.user == geteuid() else {
            throw ProblemDetails(
                "not-local-admin", 403, "Not allowed",
                "only root and the collector's own user may use this socket; use --url with an API token")
        }
        return .account(name: peer.user == 0 ? "root" : "uid-\(peer.user)", scope: .admin)
    }
}
