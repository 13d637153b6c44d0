import Model
import Testing

@testable import LinuxSystem

@Suite("NetworkSocket") struct NetworkSocketTests {
    private func parsed(_ line: String, _ transport: NetworkSocket.Transport = .tcp) -> NetworkSocket? {
        NetworkSocket(line: ByteText(line.utf8), transport: transport)
    }

    @Test("a line gives addresses, ports, state, user and inode")
    func line() throws {
        let line = "   0: 0200010A:1F90 0900010A:C001 01 00000000:00000000 02:000A 00000000  1000  0 123456 2 0"
        let socket = try #require(parsed(line))
        #expect(socket.local.address.description == "10.1.0.2")
        #expect(socket.local.port == 8080)
        #expect(socket.remote.address.description == "10.1.0.9")
        #expect(socket.remote.port == 49153)
        #expect(socket.user == 1000)
        #expect(socket.inode == 123_456)
        #expect(socket.isEstablished)
        #expect(!socket.isListening)
    }

    @Test(
        "IPv6 addresses are read word by word, mapped ones as IPv4",
        arguments: [
            ("00000000000000000000000001000000", "::1"), ("B80D0120000000000000000001000000", "2001:db8::1"),
            ("0000000000000000FFFF00000100007F", "127.0.0.1"), ("00000000000000000000000000000000", "::"),
        ])
    func ipv6(hexadecimal: String, expected: String) throws {
        let zero = String(repeating: "0", count: 32)
        let line = " 0: \(hexadecimal):0016 \(zero):0000 0A 0:0 0:0 0 0 0 5 1 0"
        let socket = try #require(parsed(line))
        #expect(socket.local.address.description == expected)
        #expect(socket.isListening)
    }

    @Test("a UDP socket listens when it has no peer")
    func udp() throws {
        let open = " 0: 00000000:0035 00000000:0000 07 0:0 0:0 0 0 0 5 1 0"
        let connected = " 0: 00000000:0035 0100007F:0035 01 0:0 0:0 0 0 0 5 1 0"
        #expect(try #require(parsed(open, .udp)).isListening)
        #expect(try !#require(parsed(connected, .udp)).isListening)
    }

    @Test(
        "malformed lines are no sockets",
        arguments: [
            "", "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
            " 0: 0100007F 0100007F 0A 0 0 0 0 0 5", " 0: 0100007F:1F90 00000000:0000 1FF 0:0 0:0 0 0 0 5 1 0",
            " 0: 0100007:1F90 00000000:0000 0A 0:0 0:0 0 0 0 5 1 0",
            " 0: 0100007F:1F901 00000000:0000 0A 0:0 0:0 0 0 0 5 1 0",
            " 0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 -1 0 5 1 0",
            " 0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 0 0 99999999999999999999 1 0",
            " 0: GGGGGGGG:1F90 00000000:0000 0A 0:0 0:0 0 0 0 5 1 0",
            " 0: +100007F:1F90 00000000:0000 0A 0:0 0:0 0 0 0 5 1 0",
        ])
    func malformed(line: String) {
        #expect(parsed(line) == nil)
    }

    @Test("absent files have no sockets, but TCP must be there")
    func files() throws {
        #expect(try NetworkSocket.all(RecordedTree(["/proc/net/tcp": "x\n"]).root).isEmpty)
        #expect(throws: SystemReadError.self) { try NetworkSocket.all(RecordedTree().root) }
    }
}
