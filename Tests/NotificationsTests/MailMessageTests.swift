import FoundationEssentials
import Model
import Testing

@testable import Notifications

@Suite("mail messages")
struct MailMessageTests {
    static func message(subject: String = "s", text: String = "t", id: String = "incident-1-opened-0-ops") throws
        -> String
    {
        let from = try #require(MailAddress("muster@example.org"))
        let to = [try #require(MailAddress("ops@example.org")), try #require(MailAddress("b+c@[::1]"))]
        let message = MailMessage(
            from: from, to: to, subject: subject, date: Timestamp(seconds: 1_795_470_912), id: id,
            thread: "incident-1", text: text)
        return String(decoding: message.bytes, as: UTF8.self)
    }

    @Test("header and body as RFC 5322 and MIME want them, byte for byte")
    func bytes() throws {
        let wanted = """
            From: <muster@example.org>
            To: <ops@example.org>,
             <b+c@[::1]>
            Subject: s
            Date: Mon, 23 Nov 2026 21:55:12 +0000
            Message-ID: <incident-1-opened-0-ops@example.org>
            In-Reply-To: <incident-1@example.org>
            References: <incident-1@example.org>
            Auto-Submitted: auto-generated
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: base64

            6K+m5oOFCi4KRnJvbSBtZQ==

            """
        let text = try Self.message(text: "详情\n.\nFrom me")
        #expect(text == wanted.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n"))
    }

    @Test(
        "nothing a host says adds a header or ends the header block",
        arguments: [
            "x\r\nBcc: v@example.org", "x\r\n\r\nbody", "\r\n.\r\n", "\u{2028}Bcc: v@example.org",
        ])
    func injection(text: String) throws {
        let message = try Self.message(subject: text, text: text, id: text)
        let parts = message.split(separator: "\r\n\r\n", maxSplits: 1)
        let names = parts[0].split(separator: "\r\n").filter { !$0.hasPrefix(" ") }
            .compactMap { $0.split(separator: ":").first.map(String.init) }
        #expect(names.count == 11)
        #expect(!names.contains("Bcc"))
        #expect(message.split(separator: "\r\n", omittingEmptySubsequences: false).allSatisfy { $0 != "." })
    }

    @Test("lines stay below the limit of SMTP for texts of any length")
    func longLines() throws {
        let message = try Self.message(
            subject: String(repeating: "长", count: 999), text: String(repeating: "y", count: 100_000))
        #expect(message.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 78 })
    }

    @Test(
        "addresses that are not plain are refused",
        arguments: [
            "", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\r\nRCPT TO:<x@y>", "<a@b>", "\"a\"@b", "ä@b", "a@b,c@d",
            "a@b c",
            String(repeating: "a", count: 300) + "@b",
        ])
    func addresses(text: String) { #expect(MailAddress(text) == nil) }

    @Test(
        "dates",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 +0000"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"),
            (2_147_483_648, "Tue, 19 Jan 2038 03:14:08 +0000"), (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 +0000"),
        ])
    func dates(seconds: Int64, text: String) { #expect(mailDate(Timestamp(seconds: seconds)) == text) }

    @Test("extreme times do not trap", arguments: [Int64.min, Int64.max])
    func extremes(milliseconds: Int64) { #expect(mailDate(Timestamp(milliseconds: milliseconds)).hasSuffix("+0000")) }
}
