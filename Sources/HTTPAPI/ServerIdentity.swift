import FleetCA
import Synchronization

/// The certificate that the listeners show to new connections; replaced while they stand.
///
/// Connections that stand keep the one that they began with.
public final class ServerIdentity: Sendable {
    private let state: Mutex<(certificate: ServerCertificate, generation: Int)>

    /// Begins with `certificate`.
    public init(_ certificate: ServerCertificate) { state = Mutex((certificate, 0)) }

    /// The certificate shown now.
    public var certificate: ServerCertificate { state.withLock { $0.certificate } }

    /// From now on new connections are shown `certificate`.
    public func replace(with certificate: ServerCertificate) {
        state.withLock { state in
            state.certificate = certificate
            state.generation += 1
        }
    }

    /// The certificate shown now and how often it was replaced.
    var current: (certificate: ServerCertificate, generation: Int) {
        state.withLock { ($0.certificate, $0.generation) }
    }
}
