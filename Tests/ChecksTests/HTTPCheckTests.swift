import Glibc
import LinuxSystem
import Model
import Outbound
import TOML
import Testing

@testable import Checks

@Suite("HTTPCheck")
struct HTTPCheckTests {
    /// Runs a check against a server that gives one answer to one connection.
    private func finding(
        answer: String, settings: String, after pause: Duration = .zero
    ) async throws -> CheckFinding {
        let listener = try #require(LoopbackListener())
        let server = onThreadOnce(listener: listener, answer: answer, after: pause)
        let text = "url = \"http://127.0.0.1:\(listener.port)/health\"\n" + settings
        let check = try HTTPCheck(settings: try TOMLDocument.parse(text, file: "t"))
        let context = CheckContext(timeout: .seconds(60), outbound: OutboundClient())
        async let served: Void = server()
        let found = await check.run(context)
        await served
        listener.close()
        return found
    }

    private func onThreadOnce(
        listener: LoopbackListener, answer: String, after pause: Duration
    ) -> @Sendable () async -> Void {
        let descriptor = listener.descriptor
        return {
            await BlockingThread.run {
                let connection = accept(descriptor, nil, nil)
                var buffer = [UInt8](repeating: 0, count: 4096)
                _ = recv(connection, &buffer, buffer.count, 0)
                usleep(UInt32(pause / .microseconds(1)))
                _ = answer.withCString { send(connection, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
                shutdown(connection, Int32(SHUT_WR))
                _ = close(connection)
            }
        }
    }

    @Test("the expected status is ok, another one critical")
    func status() async throws {
        let good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi"
        #expect(try await finding(answer: good, settings: "").state == .ok)
        let bad = "HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        let found = try await finding(answer: bad, settings: "")
        #expect(found.state == .critical)
        #expect(found.message.hasPrefix("HTTP 127.0.0.1:") && found.message.hasSuffix(": answered 503, expected 200"))
        #expect(found.samples.map(\.series.metric) == ["http.client.request.duration"])
        #expect(try await finding(answer: bad, settings: "status = [200, 503]").state == .ok)
    }

    @Test("a redirect is an answer and is not followed")
    func redirect() async throws {
        let answer =
            "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        #expect(try await finding(answer: answer, settings: "").message.hasSuffix(": answered 302, expected 200"))
    }

    @Test("the expected text must stand in the body")
    func body() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\nall is ok"
        #expect(try await finding(answer: answer, settings: "contains = \"is ok\"").state == .ok)
        #expect(try await finding(answer: answer, settings: "contains = \"not ok\"").state == .critical)
    }

    @Test("an answer that is slower than it should be is a warning; nobody there is said in short")
    func slow() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        let found = try await finding(answer: answer, settings: "warning_time = \"100ms\"", after: .milliseconds(150))
        #expect(found.state == .warning)
        #expect(found.message.hasSuffix(", more than 100 ms"))
        let listener = try #require(LoopbackListener())
        listener.close()
        let check = try HTTPCheck(
            settings: try TOMLDocument.parse("url = \"http://127.0.0.1:\(listener.port)/\"", file: "t"))
        let lost = await check.run(CheckContext(timeout: .seconds(5), outbound: OutboundClient()))
        #expect(lost == CheckFinding(.critical, "HTTP 127.0.0.1:\(listener.port): no connection"))
    }

    @Test("an answer that is not HTTP is critical")
    func garbage() async throws {
        #expect(try await finding(answer: "\u{1}\u{2}nonsense\r\n\r\n", settings: "").state == .critical)
    }

    @Test("finds a text in linear time, also where it almost stands everywhere")
    func search() {
        let body = [UInt8](repeating: 97, count: 1 << 20)
        let needle = [UInt8](repeating: 97, count: 4000) + [98]
        #expect(!holds(body, needle))
        #expect(holds(body + [98], needle))
        #expect(holds([], []))
        #expect(!holds([], [1]))
        #expect(holds(Array("abababac".utf8), Array("ababac".utf8)))
    }
}
