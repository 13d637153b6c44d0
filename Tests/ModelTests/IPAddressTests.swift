import Model
import Testing

@Suite("IPAddress")
struct IPAddressTests {
    @Test(
        "reads an address and writes its canonical form",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("::", "::"), ("::1", "::1"), ("1::", "1::"),
            ("2001:DB8::0:1", "2001:db8::1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("::ffff:192.0.2.7", "192.0.2.7"),
            ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
            ("fe80::9a6c:18ff:fe02:4047", "fe80::9a6c:18ff:fe02:4047"),
        ])
    func canonical(text: String, expected: String) throws {
        #expect(try #require(IPAddress(text)).description == expected)
    }

    @Test(
        "refuses what is no address",
        arguments: [
            "", ".", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "1.2.3.-4", "0x7f.1", "2130706433",
            ":", ":::", "1:2", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", ":1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7:8:", "1:2:3:4:5:6:7::8", "fe80::1%eth0", "1.2.3.4::", "::1.2.3", "[::1]",
            String(repeating: ":", count: 40),
        ])
    func refused(text: String) { #expect(IPAddress(text) == nil) }

    @Test("knows the special ranges")
    func ranges() throws {
        #expect(try #require(IPAddress("127.9.9.9")).isLoopback)
        #expect(try #require(IPAddress("::1")).isLoopback)
        #expect(try !#require(IPAddress("::2")).isLoopback)
        #expect(try #require(IPAddress("169.254.169.254")).isLinkLocal)
        #expect(try #require(IPAddress("febf::1")).isLinkLocal)
        #expect(try !#require(IPAddress("fec0::1")).isLinkLocal)
        #expect(try #require(IPAddress("239.1.1.1")).isMulticast)
        #expect(try #require(IPAddress("::")).isUnspecified)
    }

    @Test("takes four or sixteen octets and nothing else", arguments: 0..<20)
    func octets(count: Int) {
        #expect((IPAddress(octets: [UInt8](repeating: 1, count: count)) != nil) == (count == 4 || count == 16))
    }
}
