import Model
import Testing
import Wire

@testable import GLPI

@Suite("Messages of GLPI agents")
struct GLPIMessageTests {
    @Test("Contact and prolog are told from inventories, and answered in their form")
    func first() throws {
        let contact =
            #"{"action": "contact", "deviceid": "pc-1", "name": "GLPI-Agent", "version": "1.7", "httpd-port": 62354}"#
        guard case .contact("pc-1") = try GLPIMessage.read(Array(contact.utf8)) else {
            Issue.record("no contact")
            return
        }
        let prolog =
            "<?xml version=\"1.0\"?><REQUEST><DEVICEID>pc-1</DEVICEID><QUERY>PROLOG</QUERY><TOKEN>1</TOKEN></REQUEST>"
        guard case .prolog("pc-1") = try GLPIMessage.read(Array(prolog.utf8)) else {
            Issue.record("no prolog")
            return
        }
        try JSONGuard.check(GLPIAnswer.contact.body)
        try JSONGuard.check(GLPIAnswer.stored(.json).body)
        #expect(String(decoding: GLPIAnswer.stored(.json).body, as: UTF8.self) == #"{"status":"ok","expiration":24}"#)
        for answer in [GLPIAnswer.prolog, .stored(.xml)] { #expect(try GLPIXML.read(answer.body).name == "reply") }
    }

    static let plain = document(#""hardware": {"name": "pc-7"}, "bios": {"ssn": "A1B2C3"}"#)

    @Test("A body is read whether packed by zlib, by gzip or not at all")
    func packings() throws {
        let bodies = [Array(Self.plain.utf8), try Gzip.compress(Array(Self.plain.utf8)), zlib(Array(Self.plain.utf8))]
        for body in bodies {
            let inventory = try GLPIInventory(body)
            #expect(inventory.hostname == "pc-7")
            #expect(inventory.fact(.system, "serial") == "A1B2C3")
        }
    }

    static let refused: [(String, String)] = [
        ("", "empty"), ("   \n", "empty"), ("hello", "neither"), ("\u{feff}{}", "byte order mark"), ("[]", "neither"),
        ("{", "JSON"), ("{}", "deviceid"), (#"{"deviceid": 7, "content": {}}"#, "deviceid"),
        (#"{"deviceid": "", "content": {}}"#, "deviceid"), (#"{"deviceid": "a\nb", "content": {}}"#, "deviceid"),
        (#"{"deviceid": "\#(String(repeating: "x", count: 256))", "content": {}}"#, "deviceid"),
        (#"{"deviceid": "a"}"#, "content"), (#"{"deviceid": "a", "content": []}"#, "content"),
        (#"{"deviceid": "a", "content": "x"}"#, "content"), (#"{"deviceid": "a", "content": {}}"#, "content"),
        (#"{"deviceid": "a", "content": {"envs": []}}"#, "content"),
        (#"{"deviceid": "a", "action": "deploy", "content": {}}"#, "action"),
        (#"{"deviceid": "a", "deviceid": "b", "content": {}}"#, "twice"),
        (#"{"deviceid": "a\u0000", "content": {}}"#, "NUL"), (#"{"deviceid": "a", "content": {}} x"#, "behind"),
        (#"{"deviceid": "a", "content": \#(String(repeating: "[", count: 70))"#, "deeper"),
        (#"{"deviceid": "a", "content": {"hardware": {"name": "\#(String(repeating: "y", count: 65_537))"}}}"#, "over"),
        ("<REQUEST/>", "outermost"), ("<INVENTORY><DEVICEID>a</DEVICEID></INVENTORY>", "outermost"),
        ("<REQUEST><QUERY>INVENTORY</QUERY></REQUEST>", "deviceid"),
        ("<REQUEST><DEVICEID>a</DEVICEID></REQUEST>", "QUERY"),
        ("<REQUEST><DEVICEID>a</DEVICEID><QUERY>DEPLOY</QUERY></REQUEST>", "QUERY"),
        ("<REQUEST><DEVICEID>a</DEVICEID><QUERY>INVENTORY</QUERY></REQUEST>", "content"),
        ("<REQUEST><DEVICEID>a</DEVICEID><DEVICEID>b</DEVICEID><QUERY>PROLOG</QUERY></REQUEST>", "deviceid"),
    ]

    @Test("What is no message is refused with the place", arguments: refused)
    func malformed(_ text: String, _ word: String) throws {
        let error = try #require(throws: GLPIRefusal.self) { try GLPIMessage.read(Array(text.utf8)) }
        #expect(error.description.contains(word), "\(text.prefix(80)): \(error)")
    }

    @Test("Packed bodies that are damaged, go on behind their end or swell beyond the limits are refused")
    func hostilePacking() throws {
        let good = zlib(Array(Self.plain.utf8))
        var cases: [([UInt8], isTooLarge: Bool)] = [
            (Array(good.dropLast()), false), (good + [0], false), (Array(good.prefix(2)), false),
            (good.prefix(10) + [0xff, 0xff] + good.dropFirst(12), false), ([0x1f, 0x8b], false),
        ]
        let zeros = [UInt8](repeating: UInt8(ascii: " "), count: 17 << 20)
        cases.append((zlib(zeros), true))
        cases.append((try Gzip.compress(zeros), true))
        // Packed twice: unpacked once, and then it is neither JSON nor XML.
        cases.append((zlib(good), false))
        for (index, (body, isTooLarge)) in cases.enumerated() {
            let error = try #require(throws: GLPIRefusal.self) { try GLPIMessage.read(body) }
            #expect(error.isTooLarge == isTooLarge, "case \(index): \(error)")
        }
    }

    @Test("A document of more values than the limit is refused before it costs their memory twice")
    func tooManyValues() throws {
        let list = "[" + String(repeating: "0,", count: GLPILimits.values) + "0]"
        let error = try #require(throws: GLPIRefusal.self) {
            try GLPIMessage.read(Array(#"{"deviceid": "a", "content": {"softwares": \#(list)}}"#.utf8))
        }
        #expect(error.isTooLarge)
        let elements = String(repeating: "<a/>", count: GLPILimits.values + 1)
        #expect(throws: GLPIRefusal.self) { try GLPIMessage.read(Array("<REQUEST>\(elements)</REQUEST>".utf8)) }
    }

    @Test("Every cut of a document is refused, and changing any byte never ends the process")
    func cutAndChanged() throws {
        let whole = Array(
            document(#""hardware": {"name": "p\u00e9"}, "softwares": [{"name": "a", "version": 1.5e3}]"#).utf8)
        for count in 0..<whole.count {
            #expect(throws: GLPIRefusal.self) { try GLPIMessage.read(Array(whole[..<count])) }
        }
        var inputs = 0
        for place in whole.indices {
            for byte: UInt8 in [0, 0x22, 0x5c, 0x7b, 0x5d, 0x2c, 0xff, 0x31] {
                var changed = whole
                changed[place] = byte
                _ = try? GLPIMessage.read(changed)
                inputs += 1
            }
        }
        #expect(inputs == whole.count * 8)
    }

    /// A zlib stream of stored blocks (RFC 1950, RFC 1951), made without the library that reads it.
    private func zlib(_ bytes: [UInt8]) -> [UInt8] {
        if bytes.count > 1 << 20 { return rezipped(bytes) }
        var out: [UInt8] = [0x78, 0x01]
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(65_535)
            rest = rest.dropFirst(65_535)
            let count = UInt16(block.count)
            out += [
                rest.isEmpty ? 1 : 0, UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8),
            ]
            out += block
        } while !rest.isEmpty
        return out + adler(bytes)
    }

    /// gzip's deflate stream with zlib's header and checksum around it.
    private func rezipped(_ bytes: [UInt8]) -> [UInt8] {
        let packed = (try? Gzip.compress(bytes)) ?? []
        return [0x78, 0x9c] + packed.dropFirst(10).dropLast(8) + adler(bytes)
    }

    private func adler(_ bytes: [UInt8]) -> [UInt8] {
        var (low, high) = (UInt32(1), UInt32(0))
        for byte in bytes {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return [UInt8(high >> 8), UInt8(high & 255), UInt8(low >> 8), UInt8(low & 255)]
    }
}
