import Foundation
import Model
import Testing
import Wire

@testable import HTTPAPI

@Suite("Hostile requests on the agents' port", .serialized)
struct HostileRequestTests {
    @Test("B1, B2, B5: Oversize, slow, bombed and malformed requests are refused; the next good one is answered")
    func refused() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        try await bench.withAgentsPort(bodySeconds: 1) { port in
            let (answer, key) = try await bench.enrol(try await bench.secret())
            let client = RawClient(port: port, authority: bench.authority, identity: (answer.certificate, key))
            for (name, pieces, pause, expected) in try requests() {
                let text = try await client.exchange(pieces, pause: pause)
                #expect(text.hasPrefix("HTTP/1.1 \(expected)"), "\(name): \(text.prefix(200))")
            }
            #expect(bench.batches.taken.withLock { $0.isEmpty })
            #expect(try await client.exchange(get("/healthz")).hasPrefix("HTTP/1.1 200"))
        }
    }

    private func requests() throws -> [(String, [[UInt8]], Duration, Int)] {
        func reports(_ headers: String, _ body: [UInt8] = []) -> [UInt8] {
            Array("POST /v1/agent/reports HTTP/1.1\r\nHost: c\r\nConnection: close\r\n\(headers)\r\n".utf8) + body
        }
        let bomb = try Gzip.compress([UInt8](repeating: 0, count: 20 << 20), level: 9)
        let packed = try Gzip.compress(Array("MSTR".utf8))
        let gzip = "Content-Encoding: gzip\r\nContent-Length: "
        return [
            ("length over the limit", [reports("Content-Length: 1048577\r\n")], .zero, 413),
            ("absurd length", [reports("Content-Length: 99999999999999999999999999\r\n")], .zero, 400),
            ("negative length", [reports("Content-Length: -1\r\n")], .zero, 400),
            ("two lengths", [reports("Content-Length: 3\r\nContent-Length: 4\r\n", Array("abc".utf8))], .zero, 400),
            (
                "length and chunks",
                [reports("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", Array("0\r\n\r\n".utf8))], .zero, 400
            ),
            (
                "endless chunks",
                [reports("Transfer-Encoding: chunked\r\n")]
                    + [[UInt8]](
                        repeating: Array("40000\r\n".utf8) + [UInt8](repeating: 65, count: 0x40000) + [13, 10], count: 6
                    ),
                .zero, 413
            ),
            ("gzip bomb", [reports("\(gzip)\(bomb.count)\r\n", bomb)], .zero, 413),
            ("gzip with junk behind", [reports("\(gzip)\(packed.count + 1)\r\n", packed + [0])], .zero, 400),
            ("gzip cut short", [reports("\(gzip)\(packed.count - 4)\r\n", Array(packed.dropLast(4)))], .zero, 400),
            ("another coding", [reports("Content-Encoding: br\r\nContent-Length: 1\r\n", [0])], .zero, 415),
            ("no batch", [reports("Content-Length: 4\r\n", Array("{}{}".utf8))], .zero, 400),
            ("a body that never comes", [reports("Content-Length: 10\r\n", [1])], .zero, 408),
            (
                "a drop at a time",
                [reports("Content-Length: 100\r\n")] + [[UInt8]](repeating: [1], count: 8), .milliseconds(300), 408
            ),
            ("a NUL in a header", [reports("X: a\u{0}b\r\nContent-Length: 0\r\n")], .zero, 400),
            ("no HTTP", [Array("\u{16}\u{3}\u{1} hello\r\n\r\n".utf8)], .zero, 400),
            (
                "headers without end",
                [Array(("GET / HTTP/1.1\r\n" + String(repeating: "a: b\r\n", count: 200) + "\r\n").utf8)], .zero, 400
            ),
            ("dot segments", [Array(get("/v1/agent/..%2f..%2fetc/passwd").utf8)], .zero, 400),
            ("no such route", [Array(get("/v1/agent/none").utf8)], .zero, 404),
            ("another method", [Array(get("/v1/agent/reports").utf8)], .zero, 405),
        ]
    }

    @Test("B3: Enrolment refuses malformed JSON with the place, and takes no secret into its answer")
    func enrolment() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let secret = try await bench.secret()
        let bodies = [
            "", "{", "[]", "null", "{\"secret\":1}", "{\"secret\":\"\(secret)\"}",
            "{\"secret\":\"a\",\"secret\":\"b\"}",
            "\u{feff}{}", "{\"secret\":\"\(secret)\u{0}\"}", String(repeating: "[", count: 100_000),
            "{\"secret\":\"\(secret)\",\"request\":\"x\",\"hostname\":\"h\",\"machineID\":\"m\",\"version\":\"1\"}",
            "{\"secret\":\"\(secret)\",\"request\":\"\",\"hostname\":\"\",\"machineID\":\"\",\"version\":\"\"}",
        ]
        for body in bodies {
            let (answer, _) = await bench.routes.answer(
                method: "POST", target: "/v1/agent/enrol", caller: .nobody(.absent),
                address: "192.0.2.\(body.utf8.count % 250)",
                body: { Array(body.utf8) })
            #expect(answer.status == 400, "\(body.prefix(60))")
            #expect(!String(decoding: answer.body, as: UTF8.self).contains(secret))
        }
        // None of these used the token up.
        _ = try await bench.enrol(secret)
    }

    @Test("S5: Of twenty agents with one token at once, one wins")
    func race() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let secret = try await bench.secret()
        let won = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<20 {
                group.addTask { (try? await bench.enrol(secret, from: "192.0.2.\(index)")) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(won == 1)
        #expect(try await bench.agents.list(after: nil, limit: 100).count == 1)
    }

    @Test("S5: Guessing secrets ends in 429 with a time to wait, for that address alone")
    func guessing() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        var statuses: [Int] = []
        for index in 0..<40 {
            let order = EnrolRequest(
                secret: String(repeating: "0", count: 32 + index), request: "x", hostname: "h", machineID: "",
                version: "1")
            let body = Array(try JSONEncoder().encode(order))
            let (answer, _) = await bench.routes.answer(
                method: "POST", target: "/v1/agent/enrol", caller: .nobody(.absent), address: "192.0.2.9",
                body: { body })
            statuses.append(answer.status)
            if answer.status == 429 { #expect((answer.retryAfter ?? 0) > 0) }
        }
        #expect(statuses.prefix(30).allSatisfy { $0 == 403 })
        #expect(statuses.suffix(10).allSatisfy { $0 == 429 })
        _ = try await bench.enrol(try await bench.secret(), from: "192.0.2.10")
    }
}
