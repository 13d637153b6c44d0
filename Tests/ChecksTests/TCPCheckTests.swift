import Glibc
import Model
import Outbound
import TOML
import Testing

@testable import Checks

@Suite("TCPCheck")
struct TCPCheckTests {
    private func definition(_ text: String) throws -> CheckDefinition {
        let table = try TOMLDocument.parse(text, file: "agent.toml")
        return try CheckDefinition(settings: table)
    }

    @Test("a listening port is ok, a closed one critical with its cause")
    func openAndClosed() async throws {
        let listener = try #require(LoopbackListener())
        let check = try definition("name = \"w\"\ntype = \"tcp\"\ntarget = \"127.0.0.1:\(listener.port)\"")
        let context = CheckContext(timeout: .seconds(2), outbound: OutboundClient())
        let found = await check.run(context, failuresInRow: 3).result
        #expect(found.state == .ok)
        #expect(found.failuresInRow == 0)
        #expect(found.subject == .listener(transport: "tcp", address: "127.0.0.1", port: listener.port))
        listener.close()
        let lost = await check.run(context, failuresInRow: 0).result
        #expect(lost.state == .critical)
        #expect(lost.failuresInRow == 1)
        #expect(lost.message == "TCP 127.0.0.1:\(listener.port): connection refused")
    }

    @Test("a name that does not resolve is critical, not a trap")
    func unresolved() async throws {
        let check = try definition("name = \"w\"\ntype = \"tcp\"\ntarget = \"no-such-host.invalid:80\"")
        let found = await check.run(
            CheckContext(timeout: .seconds(2), outbound: OutboundClient()), failuresInRow: 0
        ).result
        #expect(found.state == .critical)
        #expect(found.message.hasPrefix("TCP no-such-host.invalid:80: the name "))
        #expect(found.subject == .host)
    }

    @Test(
        "wrong settings are refused with their place",
        arguments: [
            ("name = \"w\"\ntype = \"tcp\"\ntarget = \"x\"", "agent.toml:3:"),
            ("name = \"w\"\ntype = \"tcp\"\ntarget = \"h:0\"", "agent.toml:3:"),
            ("name = \"w\"\ntype = \"tcp\"\ntarget = \"h:65536\"", "agent.toml:3:"),
            ("name = \"w\"\ntype = \"tcp\"\ntarget = \"a b:1\"", "agent.toml:3:"),
            ("name = \"w\"\ntype = \"ftp\"", "one of \"dns\", \"file\", \"http\""),
            ("name = \"w\"\ntype = \"tcp\"\ntarget = \"h:1\"\nport = 1", "accepted:"),
            ("name = \"w\"\ntype = \"tcp\"\ntarget = \"h:1\"\nfor = \"nobody\"", "agent.toml:4:"),
            ("name = \"w\"\ntype = \"tcp\"\ntarget = \"h:1\"\ninterval = \"2s\"\ntimeout = \"3s\"", "agent.toml:5:"),
            ("type = \"tcp\"\ntarget = \"h:1\"", "name"),
            ("name = \"w\"\ntype = \"http\"\nurl = \"file:///etc/passwd\"", "agent.toml:3:"),
            ("name = \"w\"\ntype = \"http\"\nurl = \"http://u:p@h/\"", "agent.toml:3:"),
            ("name = \"w\"\ntype = \"http\"\nurl = \"http://h/\"\nstatus = [99]", "agent.toml:4:"),
        ])
    func refused(text: String, part: String) {
        let error = #expect(throws: TOMLError.self) { try definition(text) }
        #expect(error?.description.contains(part) == true)
    }

    @Test("says whom it speaks for")
    func subjects() throws {
        let base = "name = \"w\"\ntype = \"tcp\"\ntarget = \"[::1]:80\"\n"
        #expect(try definition(base).subject == .listener(transport: "tcp", address: "::1", port: 80))
        #expect(try definition(base + "for = \"host\"").subject == .host)
        #expect(
            try definition(base + "for = \"service:unit:nginx.service\"").subject == .service(key: "unit:nginx.service")
        )
        #expect(
            try definition(base + "for = \"business-service:Shop\"").subject
                == .named(className: "business-service", name: "Shop"))
        #expect(
            try definition(base + "for = \"listener:udp:192.0.2.1:53\"").subject
                == .listener(transport: "udp", address: "192.0.2.1", port: 53))
    }
}

/// A socket that listens on a free loopback port and never accepts.
struct LoopbackListener {
    let descriptor: Int32
    let port: Int

    init?() {
        // Children that other tests start at the same time must not hold the socket open.
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let ready = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, size) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, address, &size) == 0
            }
        }
        guard ready else { return nil }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    func close() { _ = Glibc.close(descriptor) }
}
