import Model
import Testing

@Suite("Networks")
struct IPNetworkTests {
    @Test(
        "host addresses are those that hosts can have",
        arguments: [
            ("192.0.2.0/24", 254, "192.0.2.1", "192.0.2.254"), ("192.0.2.4/30", 2, "192.0.2.5", "192.0.2.6"),
            ("192.0.2.4/31", 2, "192.0.2.4", "192.0.2.5"), ("192.0.2.7", 1, "192.0.2.7", "192.0.2.7"),
            ("10.1.0.0/16", 65_534, "10.1.0.1", "10.1.255.254"), ("2001:db8::/126", 4, "2001:db8::", "2001:db8::3"),
            ("2001:db8::ff00/120", 256, "2001:db8::ff00", "2001:db8::ffff"),
        ])
    func hosts(text: String, count: Int, first: String, last: String) throws {
        let network = try #require(IPNetwork(text))
        #expect(network.hostCount == count)
        #expect(network.host(at: 0)?.description == first)
        #expect(network.host(at: count - 1)?.description == last)
        #expect(network.host(at: count) == nil && network.host(at: -1) == nil)
        #expect(network.host(at: 0).map(network.contains) == true)
    }

    @Test(
        "what is no network is refused",
        arguments: [
            "", "/24", "192.0.2.1/24", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/+8", "192.0.2.0/", "192.0.2.0/24/8",
            "192.0.2/24", "2001:db8::1/64", "2001:db8::/129", "host/24", "192.0.2.0/99999999999999999999",
        ])
    func refused(text: String) { #expect(IPNetwork(text) == nil) }

    @Test("what is too large to ask every address has no count, and nothing overflows")
    func large() throws {
        for text in ["0.0.0.0/0", "::/0", "10.0.0.0/7", "2001:db8::/32"] {
            let network = try #require(IPNetwork(text))
            #expect(network.hostCount == nil)
            #expect(network.host(at: 5) == nil)
        }
        let network = try #require(IPNetwork("192.0.2.0/24"))
        #expect(!network.contains(try #require(IPAddress("192.0.3.1"))))
        #expect(!network.contains(try #require(IPAddress("2001:db8::1"))))
    }

    @Test("the network of an address is cut at the prefix; lengths that it cannot have give none")
    func ofAddress() throws {
        let address = try #require(IPAddress("192.0.2.77"))
        let long = try #require(IPAddress("2001:db8::ff01"))
        for (length, text) in [(26, "192.0.2.64/26"), (0, "0.0.0.0/0"), (32, "192.0.2.77/32")] {
            #expect(IPNetwork(of: address, prefixLength: length)?.description == text)
        }
        #expect(IPNetwork(of: long, prefixLength: 120)?.description == "2001:db8::ff00/120")
        #expect(IPNetwork(of: long, prefixLength: 128) == IPNetwork("2001:db8::ff01"))
        for length in [-1, 33, .min, .max] { #expect(IPNetwork(of: address, prefixLength: length) == nil) }
    }
}
