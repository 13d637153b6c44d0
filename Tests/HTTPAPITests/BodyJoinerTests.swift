import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import HTTPAPI

@Suite("Parts of a body") struct BodyJoinerTests {
    private let channel = EmbeddedChannel(handler: BodyJoiner())

    /// What came through since the last time it was asked, a word each.
    private func parts() throws -> [String] {
        var found: [String] = []
        while let part = try channel.readInbound(as: HTTPRequestPart.self) {
            switch part {
            case .head(let head): found.append("head " + (head.path ?? ""))
            case .body(let octets): found.append(String(buffer: octets))
            case .end: found.append("end")
            }
        }
        return found
    }

    /// Gives parts as the decoder does: many for one read.
    private func read(_ parts: HTTPRequestPart...) {
        for part in parts { channel.pipeline.fireChannelRead(part) }
        channel.pipeline.fireChannelReadComplete()
    }

    private func head(_ path: String) -> HTTPRequestPart {
        .head(HTTPRequest(method: .post, scheme: "https", authority: "c", path: path))
    }

    private func body(_ text: String) -> HTTPRequestPart { .body(ByteBuffer(string: text)) }

    @Test("B2: Chunks of one octet that one read brought are one part, in their order")
    func joined() throws {
        channel.pipeline.fireChannelRead(head("/a"))
        for _ in 0..<5000 {
            channel.pipeline.fireChannelRead(body("x"))
            channel.pipeline.fireChannelRead(body("y"))
        }
        channel.pipeline.fireChannelReadComplete()
        #expect(try parts() == ["head /a", String(repeating: "xy", count: 5000)])
        read(body("1"), body("2"), .end(nil))
        #expect(try parts() == ["12", "end"])
    }

    @Test("What one read brought waits for no other, and requests behind each other stay apart")
    func apart() throws {
        read(head("/a"), body("1"))
        #expect(try parts() == ["head /a", "1"])
        read(body("2"), .end(nil), head("/b"), body("3"), .end(nil))
        #expect(try parts() == ["2", "end", "head /b", "3", "end"])
    }

    @Test("What came before a connection ended is given on")
    func ended() throws {
        channel.pipeline.fireChannelRead(head("/a"))
        channel.pipeline.fireChannelRead(body("1"))
        channel.pipeline.fireChannelInactive()
        #expect(try parts() == ["head /a", "1"])
    }
}
