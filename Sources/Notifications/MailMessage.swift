import FoundationEssentials
import Model

/// A mail message (RFC 5322) of plain UTF-8 text in base64: no byte of its text can be taken for a header.
struct MailMessage {
    var from: MailAddress
    var to: [MailAddress]
    var subject: String
    var date: Timestamp
    /// Identifies the message; a repeat has the same, so mail programs show it once.
    var id: String
    /// Identifies the thread: all messages of an incident.
    var thread: String
    var text: String

    /// Header and body with lines ended by CR LF.
    var bytes: [UInt8] {
        let domain = from.domain
        let thread = "<" + HeaderValue.token(thread) + "@" + domain + ">"
        var lines = [
            "From: " + from.header,
            "To: " + to.map(\.header).joined(separator: ",\r\n "),
            "Subject: " + HeaderValue.mailText(subject),
            "Date: " + mailDate(date),
            "Message-ID: <" + HeaderValue.token(id) + "@" + domain + ">",
            "In-Reply-To: " + thread,
            "References: " + thread,
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: base64",
            "",
        ]
        var rest = Array(Data(text.utf8).base64EncodedString().utf8)[...]
        while !rest.isEmpty {
            lines.append(String(decoding: rest.prefix(76), as: UTF8.self))
            rest = rest.dropFirst(76)
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }
}

/// A mail address of plain ASCII, checked once: `local@domain` without quoting.
public struct MailAddress: Hashable, Sendable {
    /// The address.
    public let text: String

    /// Parses an address; nil when it has anything but letters, digits and `.!#$%&'*+/=?^_{|}~-` before the `@`, or
    /// anything but letters, digits, dots, hyphens, brackets and colons behind it.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, let local = parts.first, let domain = parts.last, !local.isEmpty, !domain.isEmpty,
            text.utf8.count <= 254,
            local.allSatisfy({ isLetterOrDigit($0) || ".!#$%&'*+/=?^_{|}~-".utf8.contains($0) }),
            domain.allSatisfy({ isLetterOrDigit($0) || ".-[]:".utf8.contains($0) })
        else { return nil }
        self.text = text
    }

    var header: String { "<" + text + ">" }

    var domain: String { String(text.split(separator: "@").last ?? "localhost") }
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: false
    }
}

/// `Mon, 23 Nov 2026 21:55:12 +0000`, from the RFC 3339 form so that there is one calendar in the program.
func mailDate(_ moment: Timestamp) -> String {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let text = Array(moment.rfc3339)
    guard text.count >= 19, let month = Int(String(text[5...6])), months.indices.contains(month - 1) else { return "" }
    let sinceThursday = moment.milliseconds >= 0 ? moment.milliseconds / 86_400_000 % 7 : 0
    let day = days[Int(sinceThursday)]
    return "\(day), \(String(text[8...9])) \(months[month - 1]) \(String(text[0...3])) \(String(text[11...18])) +0000"
}
