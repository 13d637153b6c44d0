import CMDB
import Model
import Testing

@Suite("Listen endpoints")
struct ListenEndpointTests {
    @Test(
        "the ways to write one",
        arguments: ["tcp 0.0.0.0:80", "tcp:0.0.0.0:80", "tcp|0.0.0.0|80", "TCP [::]:80", "tcp6 [::]:80", "tcp:*:80"])
    func forms(text: String) throws {
        let endpoint = try #require(ListenEndpoint(text))
        #expect(endpoint.match(transport: "tcp", address: IPAddress("192.0.2.1"), port: 80) == 1)
        #expect(endpoint.match(transport: "udp", address: IPAddress("192.0.2.1"), port: 80) == 0)
    }

    @Test("an address of its own counts more than all, and another not at all")
    func addresses() throws {
        let endpoint = try #require(ListenEndpoint("tcp 127.0.0.1:80"))
        #expect(endpoint.match(transport: "tcp", address: IPAddress("127.0.0.1"), port: 80) == 2)
        #expect(endpoint.match(transport: "tcp", address: IPAddress("192.0.2.1"), port: 80) == 0)
        #expect(endpoint.match(transport: "tcp", address: IPAddress("127.0.0.1"), port: 81) == 0)
    }

    @Test(
        "anything else is none",
        arguments: ["", "tcp", "tcp:80", "tcp 1.2.3:80", "tcp 0.0.0.0:65536", "x 0.0.0.0:80", "tcp 0.0.0.0:-1", ":::"])
    func refused(text: String) { #expect(ListenEndpoint(text) == nil) }
}
