import Testing
import Wire

@testable import HTTPAPI

@Suite("Paths and queries from outside")
struct RequestTargetTests {
    @Test("Plain targets are taken apart and decoded")
    func plain() throws {
        let target = try RequestTarget("/v1/ci/host%3Aweb-01?as_of=2026-11-23T21%3A55%3A12Z&query=a+b&empty&x=1=2")
        #expect(target.segments == ["v1", "ci", "host:web-01"])
        #expect(target.query.map(\.name) == ["as_of", "query", "empty", "x"])
        #expect(target.query.map(\.value) == ["2026-11-23T21:55:12Z", "a b", "", "1=2"])
    }

    @Test(
        "B5: What is not plain is refused",
        arguments: [
            "", "v1", "*", "http://other/v1", "//", "/v1//ci", "/v1/ci/", "/v1/./ci", "/v1/../etc", "/v1/%2e%2e/etc",
            "/v1/..%2f..%2fetc", "/v1/%", "/v1/%2", "/v1/%zz", "/v1/%00", "/v1/%0d%0aSet-Cookie:%20a", "/v1/%ff",
            "/v1/%c0%af", "/v1/ci#x", "/v1/ci?a=%00", "/v1/ci?a=%f0%28", "/v1/\u{7f}",
        ])
    func refused(text: String) {
        let problem = #expect(throws: ProblemDetails.self) { try RequestTarget(text) }
        #expect(problem?.status == 400)
    }

    @Test("Long targets and many parameters are refused before they are read")
    func large() {
        let long = #expect(throws: ProblemDetails.self) { try RequestTarget("/" + String(repeating: "a", count: 8192)) }
        #expect(long?.status == 414)
        #expect(throws: ProblemDetails.self) { try RequestTarget("/v1?" + String(repeating: "a&", count: 65)) }
    }

    @Test("A query parameter written twice, misspelt or out of range is refused by name")
    func parameters() throws {
        func request(_ text: String) throws -> APIRequest {
            APIRequest(caller: .nobody(.absent), address: "", target: try RequestTarget(text))
        }
        #expect(throws: ProblemDetails.self) {
            try request("/v1/ci?limit=1&limit=2").integer("limit", in: 1...1000, standard: 100)
        }
        #expect(throws: ProblemDetails.self) { try request("/v1/ci?limt=1").only("limit") }
        for limit in ["0", "-1", "1001", "9223372036854775808", "1e3", " 1", ""] {
            #expect(throws: ProblemDetails.self) {
                try request("/v1/ci?limit=" + limit).integer("limit", in: 1...1000, standard: 100)
            }
        }
        #expect(try request("/v1/ci").integer("limit", in: 1...1000, standard: 100) == 100)
        #expect(try request("/v1/ci?limit=1000").integer("limit", in: 1...1000, standard: 100) == 1000)
        for moment in ["now", "2026-13-01T00:00:00Z", "2026-11-23", "99999-01-01T00:00:00Z", ""] {
            #expect(throws: ProblemDetails.self) { try request("/v1/ci?as_of=" + moment).asOf() }
        }
    }

    @Test("B5: Every byte in every place of a target ends in an answer")
    func everyByte() {
        let good = Array("/v1/ci/%41?a=%42&b=c".utf8)
        for index in good.indices {
            for byte in UInt8.min...UInt8.max {
                var bytes = good
                bytes[index] = byte
                _ = try? RequestTarget(String(decoding: bytes, as: UTF8.self))
            }
        }
    }
}
