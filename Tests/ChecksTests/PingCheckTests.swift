import Glibc
import LinuxSystem
import Model
import Outbound
import TOML
import Testing

@testable import Checks

@Suite("PingCheck") struct PingCheckTests {
    private func run(_ settings: String, timeout: Duration = .seconds(3)) async throws -> CheckFinding {
        let text = "name = \"p\"\ntype = \"icmp\"\n" + settings
        let check = try CheckDefinition(settings: TOMLDocument.parse(text, file: "agent.toml")).check
        return await check.run(CheckContext(timeout: timeout, outbound: OutboundClient()))
    }

    /// Whether this test may send ICMP at all; some containers forbid both kinds of sockets.
    private var isAllowed: Bool {
        for type in [SOCK_DGRAM, SOCK_RAW] {
            let descriptor = socket(AF_INET, Int32(type.rawValue), Int32(IPPROTO_ICMP))
            if descriptor >= 0 {
                close(descriptor)
                return true
            }
        }
        return false
    }

    @Test("the loopback answers all requests; without the right to ask nothing is claimed")
    func loopback() async throws {
        let found = try await run("host = \"127.0.0.1\"\ncount = 2")
        guard isAllowed else {
            #expect(found.state == .unknown)
            #expect(found.message.contains("net.ipv4.ping_group_range"))
            return
        }
        #expect(found.state == .ok)
        #expect(found.message.hasPrefix("ping 127.0.0.1: 2 of 2 answered, mean "))
    }

    @Test("one request that the time is too short for is a failure, not a wait", .timeLimit(.minutes(1)))
    func tooShort() async throws {
        guard isAllowed else { return }
        let found = try await run("host = \"127.0.0.1\"\ncount = 20", timeout: .milliseconds(300))
        // Two requests find time, and lost are those that did not.
        #expect(found.state == .warning)
        #expect(found.message.contains(" of 20 answered"))
    }

    @Test("a name that does not resolve is a failure with its cause")
    func unresolved() async throws {
        let found = try await run("host = \"no-such-host.invalid\"")
        #expect(found.state == .critical)
        #expect(found.message.hasPrefix("ping no-such-host.invalid: the name "))
    }

    @Test("settings out of range are refused")
    func refused() async throws {
        for text in [
            "", "host = \"\"", "host = \"-c1\"", "host = \"a b\"", "host = \"a\"\ncount = 0",
            "host = \"a\"\ncount = 21",
            "host = \"a\"\nwarning_loss = 0", "host = \"a\"\nwarning_time = \"0s\"", "host = \"a\"\nport = 7",
        ] {
            await #expect(throws: TOMLError.self) { try await run(text) }
        }
    }

    @Test("an answer is one only with our number and token, whatever else arrives")
    func answers() throws {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST
        for host in ["127.0.0.1", "::1"] {
            var found: UnsafeMutablePointer<addrinfo>?
            guard getaddrinfo(host, nil, &hints, &found) == 0, let address = found else { continue }
            defer { freeaddrinfo(found) }
            guard let echo = try? EchoSocket(address.pointee) else { continue }
            let isIPv6 = host == "::1"
            let request = echo.request(258)
            #expect(request.count == 24)
            if !isIPv6 { #expect(EchoSocket.checksum(request) == 0) }
            var answer = request
            answer[0] = isIPv6 ? 129 : 0
            for header in [[], [UInt8](repeating: 0, count: 20)] {
                var packet = header + answer
                if !header.isEmpty { packet[0] = 0x45 }
                let isWhole = echo.isAnswer(packet[...], to: 258)
                guard isWhole else { continue }
                #expect(!echo.isAnswer(packet[...], to: 259))
                for index in header.count..<packet.count where ![2, 3, 4, 5].contains(index - header.count) {
                    var other = packet
                    other[index] ^= 1
                    #expect(!echo.isAnswer(other[...], to: 258))
                }
                for length in 0..<packet.count { #expect(!echo.isAnswer(packet[..<length], to: 258)) }
            }
            #expect(
                echo.isAnswer(answer[...], to: 258)
                    || echo.isAnswer(([0x45] + [UInt8](repeating: 0, count: 19) + answer)[...], to: 258))
            #expect(!echo.isAnswer([0xff], to: 258))
        }
    }
}
