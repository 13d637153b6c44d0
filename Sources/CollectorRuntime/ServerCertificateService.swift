import CollectorServices
import FleetCA
import HTTPAPI
import Logging
import Model
import ServiceLifecycle

/// Renews the server's certificate at two thirds of its life while the collector runs; new connections show the new one.
struct ServerCertificateService: Service {
    let authority: FleetAuthority
    let identity: ServerIdentity
    let stateDirectory: String
    let names: [String]
    let clock: AlarmClock
    let wallTime: @Sendable () -> Timestamp
    let logger: Logger

    /// How often it looks: often enough for a certificate of a day.
    private static let interval = Duration.seconds(3600)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await clock.sleep(Self.interval)
                if !Task.isCancelled { look() }
            }
        }
    }

    /// Renews when it is due; true when it did.
    @discardableResult
    func look() -> Bool {
        do {
            let certificate = try authority.serverCertificate(in: stateDirectory, names: names, at: wallTime())
            guard certificate.certificatePEM != identity.certificate.certificatePEM else { return false }
            identity.replace(with: certificate)
            logger.notice("server certificate renewed", metadata: ["until": "\(certificate.notAfter.rfc3339)"])
            return true
        } catch {
            logger.error("the server certificate could not be renewed", metadata: ["error": "\(error)"])
            return false
        }
    }
}
