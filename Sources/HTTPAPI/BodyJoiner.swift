import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Stands behind the HTTP decoder of each connection: makes one part of a body of all those that one read brought.
///
/// A chunk may have one octet (RFC 9112, 7.1), so one read of 64 KiB may bring ten thousand parts. What takes them
/// asynchronously has each of them wait in a queue, in the room of a whole request's head: tens of MiB for one peer
/// (threats B2).
final class BodyJoiner: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private var joined: ByteBuffer?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .body(var octets) = unwrapInboundIn(data) else {
            pass(context)
            context.fireChannelRead(data)
            return
        }
        if joined == nil { joined = octets } else { joined?.writeBuffer(&octets) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        pass(context)
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        pass(context)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { joined = nil }

    private func pass(_ context: ChannelHandlerContext) {
        guard let octets = joined else { return }
        joined = nil
        context.fireChannelRead(wrapInboundOut(.body(octets)))
    }
}
