import CLinux
import Model

/// Kinds of records that can be asked for (RFC 1035 §3.2.2, RFC 3596, RFC 2782, RFC 8659).
package enum DNSRecordType: String, CaseIterable, Sendable {
    case a = "A"
    case aaaa = "AAAA"
    case cname = "CNAME"
    case mx = "MX"
    case ns = "NS"
    case ptr = "PTR"
    case soa = "SOA"
    case srv = "SRV"
    case txt = "TXT"
    case caa = "CAA"

    var number: UInt16 {
        switch self {
        case .a: 1
        case .ns: 2
        case .cname: 5
        case .soa: 6
        case .ptr: 12
        case .mx: 15
        case .txt: 16
        case .aaaa: 28
        case .srv: 33
        case .caa: 257
        }
    }
}

/// What a server says about a question (RFC 1035 §4.1.1).
enum DNSCode: String, CaseIterable, Sendable {
    case fine = "NOERROR"
    case malformed = "FORMERR"
    case serverFailed = "SERVFAIL"
    case noSuchName = "NXDOMAIN"
    case notImplemented = "NOTIMP"
    case refused = "REFUSED"

    /// The code as a number; nil for the rarer ones.
    init?(_ number: UInt8) {
        guard number < DNSCode.allCases.count else { return nil }
        self = DNSCode.allCases[Int(number)]
    }

    /// What the answer says, as the end of a sentence.
    static func words(_ number: UInt8) -> String {
        switch DNSCode(number) {
        case .fine: "the name exists"
        case .malformed: "the server does not understand the question"
        case .serverFailed: "the server failed to find out (SERVFAIL)"
        case .noSuchName: "no such name"
        case .notImplemented: "the server does not answer such questions"
        case .refused: "the server refuses to answer"
        case nil: "the server answered with error \(number)"
        }
    }
}

/// A question and how its answer is told from other packets.
package struct DNSQuestion: Sendable {
    let bytes: [UInt8]
    let type: DNSRecordType

    /// Nil where `name` is no domain name.
    package init?(_ name: String, _ type: DNSRecordType, id: UInt16 = .random(in: 0 ... .max)) {
        var room = [UInt8](repeating: 0, count: 512)
        let count = muster_dns_question(name, type.number, id, &room, room.count)
        guard count > 0, count <= room.count else { return nil }
        bytes = Array(room[..<count])
        self.type = type
    }

    /// Whether the message answers this question: id, kind and the question itself; the case of letters does not count.
    package func isAnswered(by message: [UInt8]) -> Bool {
        var head = muster_dns_head()
        guard message.count >= bytes.count, muster_dns_read_head(message, message.count, &head), head.is_answer,
            head.operation == 0, head.questions == 1, message.starts(with: bytes.prefix(2))
        else { return false }
        let name = bytes[12...].dropLast(4)
        let theirs = message[12..<bytes.count]
        return lowered(theirs.dropLast(4)) == lowered(name) && theirs.suffix(4) == bytes.suffix(4)
    }
}

/// What a server answered.
package struct DNSAnswer: Hashable, Sendable {
    /// The response code.
    var code: UInt8
    var isAuthoritative: Bool
    var isTruncated: Bool
    /// The data of the records of the asked type, in the form of zone files, sorted.
    var data: [String]

    /// How many records are looked at.
    static let records = 512

    /// Reads the answer to `question`; nil where the message is broken or has more records than are looked at.
    package init?(_ message: [UInt8], to question: DNSQuestion) {
        var head = muster_dns_head()
        guard muster_dns_read_head(message, message.count, &head) else { return nil }
        code = head.code
        isAuthoritative = head.is_authoritative
        isTruncated = head.is_truncated
        data = []
        // The rest is asked for once more over TCP; what is here may be cut anywhere.
        if isTruncated { return }
        guard head.is_whole, head.answers <= DNSAnswer.records else { return nil }
        var record = muster_dns_record()
        var name = [CChar](repeating: 0, count: Int(MUSTER_DNS_NAME_BYTES))
        for index in 0..<Int32(head.answers) {
            guard muster_dns_read_answer(message, message.count, index, &record, &name) else { return nil }
            guard record.type == question.type.number, record.network_class == 1 else { continue }
            guard let text = DNSData(message, record).text(question.type) else { return nil }
            data.append(text)
        }
        data.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

/// The data of one record.
private struct DNSData {
    private let message: [UInt8]
    private let place: Range<Int>

    init(_ message: [UInt8], _ record: muster_dns_record) {
        self.message = message
        let start = min(record.offset, message.count)
        place = start..<min(start + record.length, message.count)
    }

    private var bytes: ArraySlice<UInt8> { message[place] }

    /// As zone files write it; nil where it is not what the type asks for.
    func text(_ type: DNSRecordType) -> String? {
        switch type {
        case .a: bytes.count == 4 ? IPAddress(octets: bytes)?.description : nil
        case .aaaa: bytes.count == 16 ? IPAddress(octets: bytes)?.description : nil
        case .cname, .ns, .ptr: names(after: 0, count: 1)
        case .mx: numbers(1).flatMap { numbers in names(after: 2, count: 1).map { "\(numbers) \($0)" } }
        case .srv: numbers(3).flatMap { numbers in names(after: 6, count: 1).map { "\(numbers) \($0)" } }
        case .soa: names(after: 0, count: 2, andNumbers: true)
        case .txt: strings
        case .caa: property
        }
    }

    /// The leading numbers of two bytes.
    private func numbers(_ count: Int) -> String? {
        guard bytes.count >= count * 2 else { return nil }
        let octets = Array(bytes.prefix(count * 2))
        return (0..<count).map { String(UInt16(octets[$0 * 2]) << 8 | UInt16(octets[$0 * 2 + 1])) }
            .joined(separator: " ")
    }

    /// Names one after the other; of a zone's start the serial number follows them.
    private func names(after start: Int, count: Int, andNumbers: Bool = false) -> String? {
        var offset = place.lowerBound + start
        var found: [String] = []
        var room = [CChar](repeating: 0, count: Int(MUSTER_DNS_NAME_BYTES))
        for _ in 0..<count {
            guard offset < place.upperBound else { return nil }
            let taken = muster_dns_read_name(message, message.count, offset, &room)
            guard taken > 0, offset + taken <= place.upperBound else { return nil }
            offset += taken
            let name = String(decoding: room.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            found.append(name.lowercasedASCII)
        }
        if andNumbers {
            guard offset + 20 == place.upperBound else { return nil }
            found.append(String(message[offset..<(offset + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }))
        } else if offset != place.upperBound {
            return nil
        }
        return found.joined(separator: " ")
    }

    /// The strings of a TXT record as one text.
    private var strings: String? {
        var rest = bytes
        var text: [UInt8] = []
        while let length = rest.popFirst() {
            guard rest.count >= Int(length) else { return nil }
            text += rest.prefix(Int(length))
            rest = rest.dropFirst(Int(length))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Flags, tag and value of a CAA record.
    private var property: String? {
        var rest = bytes
        guard let flags = rest.popFirst(), let length = rest.popFirst(), rest.count >= Int(length) else { return nil }
        let tag = String(decoding: rest.prefix(Int(length)), as: UTF8.self)
        return "\(flags) \(tag) \(String(decoding: rest.dropFirst(Int(length)), as: UTF8.self))"
    }
}

private func lowered(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    bytes.map { (65...90).contains($0) ? $0 | 0x20 : $0 }
}

extension String {
    /// With the letters A to Z as small ones; other characters of names are compared as they are.
    var lowercasedASCII: String { String(decoding: lowered(utf8), as: UTF8.self) }
}
