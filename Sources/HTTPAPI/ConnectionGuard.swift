import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Stands behind the HTTP decoder of each connection: closes what there is no room for, and what does not bring a whole
/// header in time, however slowly it drips.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let registry: ConnectionRegistry
    private var deadline: Scheduled<Void>?

    init(_ registry: ConnectionRegistry) { self.registry = registry }

    func handlerAdded(context: ChannelHandlerContext) {
        guard registry.admit(context.channel) else {
            context.close(promise: nil)
            return
        }
        wait(context, seconds: registry.limits.firstRequestSeconds)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) { deadline?.cancel() }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let isEnd = if case .end = unwrapOutboundIn(data) { true } else { false }
        context.write(data, promise: promise)
        if isEnd { wait(context, seconds: Listener.idleSeconds) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave(context)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { leave(context) }

    private func leave(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
        registry.left(context.channel)
    }

    private func wait(_ context: ChannelHandlerContext, seconds: Int64) {
        deadline?.cancel()
        let (channel, registry) = (context.channel, registry)
        deadline = context.eventLoop.scheduleTask(in: .seconds(seconds)) {
            registry.refused("no request in time")
            channel.close(promise: nil)
        }
    }
}
