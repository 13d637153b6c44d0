import HTTPTypes
import Logging
import Model
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import HTTPAPI

@Suite("What closes a connection") struct ConnectionGuardTests {
    private func connection(_ limits: ConnectionLimits = .init()) throws -> (EmbeddedChannel, ConnectionRegistry) {
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let registry = ConnectionRegistry(listener: "test", limits: limits, logger: quiet)
        let channel = EmbeddedChannel(handler: ConnectionGuard(registry))
        try channel.connect(to: SocketAddress(ipAddress: "192.0.2.1", port: 1)).wait()
        return (channel, registry)
    }

    private let head = HTTPRequestPart.head(HTTPRequest(method: .get, scheme: "https", authority: "c", path: "/"))

    @Test("N6: A peer that does not read its answer is closed, one that reads again in time is not")
    func unread() throws {
        let (channel, _) = try connection(ConnectionLimits(unreadSeconds: 5))
        try channel.writeInbound(head)
        channel.isWritable = false
        channel.pipeline.fireChannelWritabilityChanged()
        channel.embeddedEventLoop.advanceTime(by: .seconds(4))
        #expect(channel.isActive)
        channel.isWritable = true
        channel.pipeline.fireChannelWritabilityChanged()
        channel.embeddedEventLoop.advanceTime(by: .seconds(600))
        #expect(channel.isActive)
        channel.isWritable = false
        channel.pipeline.fireChannelWritabilityChanged()
        channel.embeddedEventLoop.advanceTime(by: .seconds(6))
        #expect(!channel.isActive)
    }

    @Test("A request that came before the answer to the one before is not cut off as if there were none")
    func pipelined() throws {
        let (channel, _) = try connection()
        try channel.writeInbound(head)
        try channel.writeInbound(head)
        try channel.writeOutbound(HTTPResponsePart.head(HTTPResponse(status: .ok)))
        try channel.writeOutbound(HTTPResponsePart.end(nil))
        channel.embeddedEventLoop.advanceTime(by: .seconds(Listener.idleSeconds + 1))
        #expect(channel.isActive)
        try channel.writeOutbound(HTTPResponsePart.end(nil))
        channel.embeddedEventLoop.advanceTime(by: .seconds(Listener.idleSeconds + 1))
        #expect(!channel.isActive)
    }

    @Test("N7: Addresses of one network of IPv6 are one peer, those of IPv4 are each their own")
    func peers() {
        func peer(_ text: String) -> String { IPAddress.peer(of: text) }
        #expect(peer("2001:db8:1:2:3:4:5:6") == peer("2001:db8:1:2::1"))
        #expect(peer("2001:db8:1:3::1") != peer("2001:db8:1:2::1"))
        #expect(peer("192.0.2.1") != peer("192.0.2.2"))
        #expect(peer("::ffff:192.0.2.1") == peer("192.0.2.1"))
    }

    @Test("Refusals are told until a minute has had enough; what was left out is counted in the next line")
    func lines() {
        let lines = RefusalLines(perMinute: 2)
        let start = ContinuousClock.now
        #expect(lines.next(at: start) == 0)
        #expect(lines.next(at: start + .seconds(1)) == 0)
        #expect(lines.next(at: start + .seconds(2)) == nil)
        #expect(lines.next(at: start + .seconds(59)) == nil)
        #expect(lines.next(at: start + .seconds(61)) == 2)
        #expect(lines.next(at: start + .seconds(62)) == 0)
    }
}
