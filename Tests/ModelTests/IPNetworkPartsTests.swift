import Model
import Testing

@Suite("Parts of networks")
struct IPNetworkPartsTests {
    private func network(_ text: String) throws -> IPNetwork { try #require(IPNetwork(text)) }

    @Test(
        "A network is cut into parts of 256 addresses, never more than 256 of them",
        arguments: [
            ("10.0.0.0/16", 256, "10.0.0.0/24", "10.0.255.0/24"), ("10.0.0.0/12", 256, "10.0.0.0/20", "10.15.240.0/20"),
            ("10.0.0.0/23", 2, "10.0.0.0/24", "10.0.1.0/24"), ("10.0.0.0/24", 1, "10.0.0.0/24", "10.0.0.0/24"),
            ("10.0.0.7/32", 1, "10.0.0.7/32", "10.0.0.7/32"),
            ("2001:db8::/112", 256, "2001:db8::/120", "2001:db8::ff00/120"),
            ("2001:db8::/64", 1, "2001:db8::/64", "2001:db8::/64"), ("::/0", 1, "::/0", "::/0"),
            ("255.255.0.0/16", 256, "255.255.0.0/24", "255.255.255.0/24"),
        ])
    func parts(text: String, count: Int, first: String, last: String) throws {
        let network = try network(text)
        let parts = network.parts
        #expect(parts.count == count)
        #expect(parts.first?.description == first && parts.last?.description == last)
        #expect(parts.allSatisfy(network.contains))
        #expect(IPNetwork.joined(parts.shuffled()) == [network])
    }

    @Test("Halves become the whole, neighbours that are none stay two, and what lies in another goes")
    func joined() throws {
        let texts = ["10.0.2.0/24", "10.0.1.0/24", "10.0.3.0/24", "10.0.3.128/25", "2001:db8::/120", "9.0.0.0/8"]
        let joined = IPNetwork.joined(try texts.map(network)).map(\.description)
        #expect(joined == ["9.0.0.0/8", "10.0.1.0/24", "10.0.2.0/23", "2001:db8::/120"])
    }

    @Test("Networks overlap where one holds the other")
    func overlap() throws {
        let (wide, narrow, other) = (try network("10.0.0.0/8"), try network("10.1.0.0/16"), try network("11.0.0.0/8"))
        #expect(wide.contains(narrow) && !narrow.contains(wide) && narrow.overlaps(wide) && !wide.overlaps(other))
        #expect(try !wide.overlaps(network("::/0")))
    }
}
