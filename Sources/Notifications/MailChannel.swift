import Model
import Outbound
import Stores
import TOML

/// Mail through a relay: TLS or STARTTLS; without either only to a relay on this host.
struct MailChannel: NotificationChannel {
    let name: String
    let settings: MailSettings
    let outbound: any OutboundSending

    func send(_ notification: NotificationRecord) async -> DeliveryOutcome {
        let message = MailMessage(
            from: settings.from, to: settings.to, subject: notification.subject, date: notification.createdAt,
            id: notification.dedupeKey, thread: "incident-\(notification.incident)", text: notification.body)
        let mail = MailSubmission(
            host: settings.host, port: settings.port, security: settings.security,
            tls: TLSSettings(trust: settings.trust), login: settings.login, localName: settings.localName,
            from: settings.from.text, recipients: settings.to.map(\.text), message: message.bytes,
            limits: TransferLimits(connect: .seconds(10), total: .seconds(30)))
        do {
            try await outbound.deliver(mail)
            return .delivered("taken by \(settings.host):\(settings.port), recipients: \(settings.to.count)")
        } catch {
            return .failed(error.description)
        }
    }
}

/// The settings of a mail channel.
struct MailSettings: Sendable {
    var host: String
    var port: Int
    var security: MailSubmission.Security
    var trust: TLSSettings.Trust
    var login: (user: String, password: String)?
    var localName: String
    var from: MailAddress
    var to: [MailAddress]

    init(from table: TOMLTable) throws(TOMLError) {
        host = try table.requiredString("host", maxBytes: 255)
        security = try table.choice("tls", among: MailSubmission.Security.self) ?? .startTLS
        let usual = security == .tls ? 465 : security == .startTLS ? 587 : 25
        port = try table.int("port", in: 1...65535) ?? usual
        guard security != .none || isLoopback(host) else {
            throw table.refusal(
                "tls", found: "\"none\" for \(host)", accepted: "\"tls\" or \"starttls\" for any but this host")
        }
        trust = try table.string("ca_file").map { .file($0) } ?? .system
        localName = try table.string("local_name", maxBytes: 255) ?? "localhost"
        from = try Self.address(try table.requiredString("from"), "from", table)
        to = []
        for text in try table.strings("to") ?? [] { to.append(try Self.address(text, "to", table)) }
        guard !to.isEmpty else { throw table.missing("to") }
        let password = try SecretFile.read("password_file", of: table)
        login = try table.string("user").map { ($0, password ?? "") }
        guard (login == nil) == (password == nil) else { throw table.missing("user and password_file") }
    }

    private static func address(_ text: String, _ key: String, _ table: TOMLTable) throws(TOMLError) -> MailAddress {
        guard let address = MailAddress(text) else {
            throw table.refusal(key, found: "\"\(text)\"", accepted: "a plain address like ops@example.org")
        }
        return address
    }
}

private func isLoopback(_ host: String) -> Bool {
    if host == "localhost" { return true }
    guard let address = IPAddress(host) else { return false }
    return address.isLoopback
}
