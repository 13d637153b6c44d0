import Outbound
import Testing

@Suite struct OutboundClientTests {
    private func failure(_ client: OutboundClient, _ request: OutboundRequest) async -> OutboundError? {
        do {
            _ = try await client.send(request)
            return nil
        } catch { return error }
    }

    @Test("a request arrives as written and the answer comes back whole")
    func roundTrip() async throws {
        let server = try #require(TestServer { _ in answer(201, "created", headers: ["Retry-After: 7 ", "X-A:"]) })
        defer { server.stop() }
        let response = try await OutboundClient().send(
            OutboundRequest(
                .post, url: "http://127.0.0.1:\(server.port)/v1/x?y=1",
                headers: [("Content-Type", "application/json"), ("X-Empty", "")], body: Array("{}".utf8)))
        #expect(response.status == 201)
        #expect(response.body == Array("created".utf8))
        #expect(response.header("retry-after") == "7")
        #expect(response.header("x-a") == "")
        #expect(response.header("absent") == nil)
        #expect(response.timing.total > .zero)
        let request = try #require(server.requests.first)
        #expect(request.head.hasPrefix("POST /v1/x?y=1 HTTP/1.1\r\n"))
        #expect(request.head.contains("Content-Type: application/json"))
        #expect(request.head.contains("\r\nX-Empty:"))
        #expect(!request.head.contains("Expect:"))
        #expect(request.body == Array("{}".utf8))
    }

    @Test(
        "each method goes out under its name, bodies only where given",
        arguments: [
            OutboundRequest.Method.get, .post, .put, .patch, .delete, .head,
        ])
    func methods(method: OutboundRequest.Method) async throws {
        let server = try #require(TestServer { _ in answer(200) })
        defer { server.stop() }
        let client = OutboundClient()
        let url = "http://127.0.0.1:\(server.port)/"
        _ = try await client.send(OutboundRequest(method, url: url))
        if method != .get, method != .head { _ = try await client.send(OutboundRequest(method, url: url, body: [])) }
        for request in server.requests {
            #expect(request.head.hasPrefix("\(method.rawValue) / "))
            #expect(!request.head.lowercased().contains("content-type"))
        }
    }

    @Test("a body of 1 MiB arrives byte for byte")
    func largeBody() async throws {
        let server = try #require(TestServer { request in answer(200, String(request.body.count)) })
        defer { server.stop() }
        let body = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let response = try await OutboundClient().send(
            OutboundRequest(.put, url: "http://127.0.0.1:\(server.port)/", body: body))
        #expect(response.body == Array("1048576".utf8))
        #expect(server.requests.first?.body == body)
    }

    @Test("one connection serves several requests")
    func keepAlive() async throws {
        let server = try #require(TestServer { _ in answer(204) })
        defer { server.stop() }
        let client = OutboundClient()
        for _ in 0..<3 { _ = try await client.send(OutboundRequest(url: "http://127.0.0.1:\(server.port)/")) }
        #expect(server.requests.map(\.connection) == [0, 0, 0])
    }

    @Test("N5: a redirect is an answer, not followed")
    func redirect() async throws {
        let server = try #require(TestServer { _ in answer(302, headers: ["Location: http://127.0.0.1:1/"]) })
        defer { server.stop() }
        let response = try await OutboundClient().send(OutboundRequest(url: "http://127.0.0.1:\(server.port)/"))
        #expect(response.status == 302)
        #expect(server.requests.count == 1)
    }

    @Test("C6: an answer above its cap ends with tooLarge")
    func tooLarge() async throws {
        let server = try #require(TestServer { _ in answer(200, String(repeating: "x", count: 5000)) })
        defer { server.stop() }
        let error = await failure(
            OutboundClient(),
            OutboundRequest(url: "http://127.0.0.1:\(server.port)/", limits: TransferLimits(responseBytes: 4999)))
        #expect(error?.kind == .tooLarge)
    }

    @Test("endless headers end with tooLarge")
    func endlessHeaders() async throws {
        let lines = (0..<3000).map { "X-\($0): \(String(repeating: "y", count: 60))" }
        let server = try #require(TestServer { _ in answer(200, headers: lines) })
        defer { server.stop() }
        let error = await failure(OutboundClient(), OutboundRequest(url: "http://127.0.0.1:\(server.port)/"))
        #expect(error?.kind == .tooLarge)
    }

    @Test("N3: a silent server runs into the total limit")
    func timeout() async throws {
        let server = try #require(TestServer { _ in nil })
        defer { server.stop() }
        let clock = ContinuousClock()
        let start = clock.now
        let error = await failure(
            OutboundClient(),
            OutboundRequest(
                url: "http://127.0.0.1:\(server.port)/", limits: TransferLimits(total: .milliseconds(150))))
        #expect(error?.kind == .timeout)
        #expect(clock.now - start < .seconds(25))
    }

    @Test("cancelling the task ends a long poll at once, others go on")
    func cancellation() async throws {
        let server = try #require(TestServer { request in request.head.contains("/poll") ? nil : answer(200) })
        defer { server.stop() }
        let client = OutboundClient()
        let base = "http://127.0.0.1:\(server.port)"
        await withTaskGroup(of: OutboundError?.self) { group in
            group.addTask {
                await failure(
                    client, OutboundRequest(url: base + "/poll", limits: TransferLimits(total: .seconds(600))))
            }
            while !server.requests.contains(where: { $0.head.contains("/poll") }) { await Task.yield() }
            #expect(await failure(client, OutboundRequest(url: base + "/other")) == nil)
            group.cancelAll()
            for await error in group { #expect(error?.kind == .cancelled) }
        }
    }

    @Test("a task that is cancelled already sends nothing for long")
    func cancelledBefore() async throws {
        let server = try #require(TestServer { _ in nil })
        defer { server.stop() }
        let client = OutboundClient()
        await withTaskGroup(of: OutboundError?.self) { group in
            group.cancelAll()
            group.addTask {
                await failure(
                    client,
                    OutboundRequest(
                        url: "http://127.0.0.1:\(server.port)/", limits: TransferLimits(total: .seconds(600))))
            }
            for await error in group { #expect(error?.kind == .cancelled) }
        }
    }

    @Test("closing the client ends what runs and refuses what comes")
    func closing() async throws {
        let server = try #require(TestServer { _ in nil })
        defer { server.stop() }
        let client = OutboundClient()
        let request = OutboundRequest(
            url: "http://127.0.0.1:\(server.port)/", limits: TransferLimits(total: .seconds(600)))
        await withTaskGroup(of: OutboundError?.self) { group in
            group.addTask { await failure(client, request) }
            while server.requests.isEmpty { await Task.yield() }
            client.close()
            for await error in group { #expect(error?.kind == .closed) }
        }
        #expect(await failure(client, request)?.kind == .closed)
    }

    @Test("N4: a closed port and an unknown name are told apart")
    func unreachable() async throws {
        let server = try #require(TestServer { _ in nil })
        let client = OutboundClient()
        server.stop()
        var kind: OutboundError.Kind?
        // The listener goes away on its own thread.
        while kind != .connection {
            kind = await failure(
                client,
                OutboundRequest(url: "http://127.0.0.1:\(server.port)/", limits: TransferLimits(total: .seconds(2))))?
                .kind
        }
        let error = await failure(client, OutboundRequest(url: "http://no-such-host.invalid/"))
        #expect(error?.kind == .resolution)
    }

    @Test(
        "broken answers are errors",
        arguments: [
            "", "HTTP/1.1 \r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "garbage\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ])
    func broken(text: String) async throws {
        let closing = try #require(RawServer(Array(text.utf8)))
        let error = await failure(
            OutboundClient(),
            OutboundRequest(url: "http://127.0.0.1:\(closing.port)/", limits: TransferLimits(total: .seconds(3))))
        #expect(error != nil)
    }

    @Test("an interim answer's headers are not mistaken for the final ones")
    func interim() async throws {
        let bytes =
            Array("HTTP/1.1 103 Early Hints\r\nX-A: early\r\n\r\n".utf8) + answer(200, "x", headers: ["X-A: late"])
        let server = try #require(TestServer { _ in bytes })
        defer { server.stop() }
        let response = try await OutboundClient().send(OutboundRequest(url: "http://127.0.0.1:\(server.port)/"))
        #expect(response.status == 200)
        #expect(response.header("x-a") == "late")
    }

    @Test("a unix socket carries requests")
    func unixSocket() async throws {
        let directory = try #require(temporaryDirectory())
        defer { remove(directory) }
        let path = directory + "/s"
        let server = try #require(TestServer(unixSocket: path) { _ in answer(200, "local") })
        defer { server.stop() }
        let response = try await OutboundClient().send(OutboundRequest(url: "http://localhost/x", unixSocket: path))
        #expect(response.body == Array("local".utf8))
    }

    @Test("the public policy refuses loopback after resolution and sends nothing")
    func publicOnly() async throws {
        let server = try #require(TestServer { _ in answer(200) })
        defer { server.stop() }
        let client = OutboundClient()
        for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"] {
            let url = "http://\(host):\(server.port)/"
            let error = await failure(client, OutboundRequest(url: url, addresses: .publicOnly))
            #expect(error?.kind == .addressRefused, "\(host)")
        }
        #expect(server.requests.isEmpty)
    }
}
