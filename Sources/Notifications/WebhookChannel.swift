import FoundationEssentials
import Outbound
import Stores
import TOML
import Wire

/// A web hook: one CloudEvents 1.0 event in JSON per notification, signed with HMAC-SHA256.
///
/// Any 2xx is an acceptance; everything else, redirects too, is a failure that is tried again.
struct WebhookChannel: NotificationChannel {
    let name: String
    let settings: WebhookSettings
    let outbound: any OutboundSending

    func send(_ notification: NotificationRecord) async -> DeliveryOutcome {
        do {
            let status = try await outbound.status(of: try request(for: notification))
            let answer = "HTTP \(status)"
            return (200...299).contains(status) ? .delivered(answer) : .failed(answer)
        } catch let error as OutboundError {
            return .failed(error.description)
        } catch {
            return .failed("the event cannot be written as JSON: \(error)")
        }
    }

    /// The request: the signature covers the exact bytes of the body, the idempotency key tells a repeat.
    func request(for notification: NotificationRecord) throws -> OutboundRequest {
        let body = try CloudEvent(notification).json
        var headers = [
            (name: "Content-Type", value: "application/cloudevents+json; charset=utf-8"),
            (name: "Idempotency-Key", value: HeaderValue.token(notification.dedupeKey)),
        ]
        if let secret = settings.secret {
            let mac = HMACSHA256.authenticationCode(for: body, key: Array(secret.utf8))
            headers.append((name: "Muster-Signature", value: "sha256=" + hexadecimal(mac)))
        }
        return OutboundRequest(
            .post, url: settings.url, headers: headers, body: body, tls: TLSSettings(trust: settings.trust),
            limits: TransferLimits(connect: .seconds(10), total: .seconds(30), responseBytes: 64 << 10))
    }
}

/// The settings of a web hook.
struct WebhookSettings: Sendable {
    var url: String
    var secret: String?
    var trust: TLSSettings.Trust

    init(url: String, secret: String?, trust: TLSSettings.Trust = .system) {
        self.url = url
        self.secret = secret
        self.trust = trust
    }

    init(from table: TOMLTable) throws(TOMLError) {
        url = try table.requiredString("url", maxBytes: 2048)
        guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
            throw table.refusal("url", found: "of another kind", accepted: "an address with https:// or http://")
        }
        secret = try SecretFile.read("secret_file", of: table)
        trust = try table.string("ca_file").map { .file($0) } ?? .system
    }
}
