import FoundationEssentials
import Model
import Outbound
import ServiceDesk
import Stores
import Synchronization
import TOML
import Testing
import Wire

@testable import Notifications

/// Stands in for the network and remembers what it was given.
final class RecordingOutbound: OutboundSending {
    let requests = Mutex<[OutboundRequest]>([])
    let mails = Mutex<[MailSubmission]>([])
    private let answer: Result<Int, OutboundError>

    init(_ answer: Result<Int, OutboundError> = .success(204)) { self.answer = answer }

    func status(of request: OutboundRequest) async throws(OutboundError) -> Int {
        requests.withLock { $0.append(request) }
        return try answer.get()
    }

    func deliver(_ mail: MailSubmission) async throws(OutboundError) {
        mails.withLock { $0.append(mail) }
        _ = try answer.get()
    }
}

@Suite("channels")
struct ChannelTests {
    static let record = NotificationRecord(
        id: 1, dedupeKey: "incident-12-opened-0-chat", channel: "chat", incident: 12, event: "opened",
        subject: "[P2] Incident 12 opened: x\"}", body: "a\nb", nextAttemptAt: nil,
        createdAt: Timestamp(seconds: 1_795_470_912))

    static func channels(_ text: String, _ outbound: any OutboundSending = RecordingOutbound()) throws
        -> [ChannelCatalogue.Entry]
    {
        let root = try TOMLDocument.parse(text, file: "c.toml")
        let entries = try ChannelCatalogue.channels(from: try root.tables("channel"), outbound: outbound)
        try root.finish()
        return entries
    }

    @Test(
        "HMAC-SHA256 as in RFC 4231",
        arguments: [
            (
                String(repeating: "0b", count: 20), "4869205468657265",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                String(repeating: "aa", count: 131),
                "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
        ])
    func hmac(key: String, message: String, mac: String) throws {
        let key = try #require(decodeHexadecimal(key))
        let message = try #require(decodeHexadecimal(message))
        #expect(hexadecimal(HMACSHA256.authenticationCode(for: message, key: key)) == mac)
    }

    @Test("a web hook gets one CloudEvent, signed over its exact bytes, with the dedupe key in header and id")
    func webhook() async throws {
        let outbound = RecordingOutbound()
        let channel = WebhookChannel(
            name: "chat", settings: WebhookSettings(url: "https://h.example/x", secret: "s3cret"), outbound: outbound)
        #expect(await channel.send(Self.record) == .delivered("HTTP 204"))
        let request = try #require(outbound.requests.withLock { $0.first })
        let headers = Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name, $0.value) })
        let body = try #require(request.body)
        #expect(headers["Idempotency-Key"] == "incident-12-opened-0-chat")
        let mac = hexadecimal(HMACSHA256.authenticationCode(for: body, key: Array("s3cret".utf8)))
        #expect(headers["Muster-Signature"] == "sha256=" + mac)
        #expect(headers["Content-Type"]?.hasPrefix("application/cloudevents+json") == true)
        #expect(
            String(decoding: body, as: UTF8.self)
                == #"{"data":{"event":"opened","incident":12,"text":"a\nb","title":"[P2] Incident 12 opened: x\"}"},"#
                + #""datacontenttype":"application/json","id":"incident-12-opened-0-chat","source":"/muster/collector","#
                + #""specversion":"1.0","subject":"incident/12","time":"2026-11-23T21:55:12.000Z","#
                + #""type":"muster.incident.opened"}"#)
    }

    @Test(
        "only 2xx is an acceptance",
        arguments: [(200, true), (299, true), (301, false), (302, false), (404, false), (429, false), (500, false)])
    func statuses(status: Int, isDelivered: Bool) async {
        let channel = WebhookChannel(
            name: "c", settings: WebhookSettings(url: "https://h", secret: nil),
            outbound: RecordingOutbound(.success(status)))
        let outcome = await channel.send(Self.record)
        #expect(outcome == (isDelivered ? .delivered("HTTP \(status)") : .failed("HTTP \(status)")))
    }

    @Test("mail goes to all recipients under the incident's thread; an error is the outcome")
    func mail() async throws {
        let text = """
            [[channel]]
            type = "mail"
            name = "ops"
            host = "relay.example.org"
            from = "muster@example.org"
            to = ["a@example.org", "b@example.org"]
            """
        let outbound = RecordingOutbound()
        let entry = try #require(try Self.channels(text, outbound).first)
        #expect(await entry.channel.send(Self.record) == .delivered("taken by relay.example.org:587, recipients: 2"))
        let mail = try #require(outbound.mails.withLock { $0.first })
        #expect(mail.security == .startTLS)
        #expect(mail.recipients == ["a@example.org", "b@example.org"])
        #expect(String(decoding: mail.message, as: UTF8.self).contains("References: <incident-12@example.org>\r\n"))
        let broken = try Self.channels(text, RecordingOutbound(.failure(OutboundError(.timeout, target: "smtp://x"))))
        #expect(await broken.first?.channel.send(Self.record) == .failed("smtp://x: timed out"))
    }

    @Test(
        "a wrong channel is refused with its place and what is accepted",
        arguments: [
            ("type = \"pigeon\"\nname = \"a\"", "one of \"mail\", \"webhook\""),
            ("type = \"webhook\"\nname = \"a b\"\nurl = \"https://h\"", "letters, digits"),
            ("type = \"webhook\"\nname = \"a\"\nurl = \"file:///etc/passwd\"", "https://"),
            ("type = \"webhook\"\nname = \"a\"\nurl = \"https://h\"\nevents = [\"x\"]", "\"opened\""),
            ("type = \"webhook\"\nname = \"a\"\nurl = \"https://h\"\ncolour = 1", "unknown key \"colour\""),
            ("type = \"webhook\"\nname = \"a\"\nurl = \"https://h\"\nlowest_priority = 6", "1 to 5"),
            ("type = \"webhook\"\nname = \"a\"\nurl = \"https://h\"\nsecret_file = \"/nowhere/x\"", "secret_file"),
            ("type = \"webhook\"\nname = \"a\"\nurl = \"https://h\"\nsecret_file = \"/etc/passwd\"", "0600"),
            ("type = \"mail\"\nname = \"a\"\nhost = \"h\"\nfrom = \"a@b\"", "missing key \"to\""),
            ("type = \"mail\"\nname = \"a\"\nhost = \"h\"\nfrom = \"a@b\\r\\nX: y\"\nto = [\"a@b\"]", "plain address"),
            (
                "type = \"mail\"\nname = \"a\"\nhost = \"h.example\"\ntls = \"none\"\nfrom = \"a@b\"\nto = [\"a@b\"]",
                "starttls"
            ),
            (
                "type = \"mail\"\nname = \"a\"\nhost = \"h\"\nuser = \"u\"\nfrom = \"a@b\"\nto = [\"a@b\"]",
                "password_file"
            ),
        ])
    func refused(text: String, hint: String) {
        #expect {
            _ = try Self.channels("[[channel]]\n" + text)
        } throws: { error in
            let line = "\(error)"
            return line.hasPrefix("c.toml:") && line.contains(hint) && !line.contains("\n")
        }
    }

    @Test("mail without TLS is for a relay on this host only", arguments: ["localhost", "127.0.0.1", "::1"])
    func loopback(host: String) throws {
        let text =
            "[[channel]]\ntype = \"mail\"\nname = \"a\"\nhost = \"\(host)\"\ntls = \"none\"\nfrom = \"a@b\"\nto = [\"a@b\"]"
        #expect(try Self.channels(text).count == 1)
    }

    @Test("two channels of one name are refused")
    func twice() {
        let one = "[[channel]]\ntype = \"webhook\"\nname = \"a\"\nurl = \"https://h\"\n"
        #expect { _ = try Self.channels(one + one) } throws: { "\($0)".contains("twice") }
    }
}
