import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Stands behind the HTTP decoder of each connection: closes what there is no room for, and what does not bring a whole
/// header in time, however slowly it drips, or does not read its answer.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let registry: ConnectionRegistry
    private var deadline: Scheduled<Void>?
    private var unread: Scheduled<Void>?
    /// Requests whose answers are not written whole: a peer may send the next one before.
    private var open = 0

    init(_ registry: ConnectionRegistry) { self.registry = registry }

    func handlerAdded(context: ChannelHandlerContext) {
        guard registry.admit(context.channel) else {
            context.close(promise: nil)
            return
        }
        wait(context, seconds: registry.limits.firstRequestSeconds)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) {
            deadline?.cancel()
            open += 1
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let isEnd = if case .end = unwrapOutboundIn(data) { true } else { false }
        context.write(data, promise: promise)
        guard isEnd else { return }
        open = max(0, open - 1)
        if open == 0 { wait(context, seconds: Listener.idleSeconds) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        unread?.cancel()
        unread =
            context.channel.isWritable
            ? nil : close(context, in: registry.limits.unreadSeconds, because: "an answer was not read in time")
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave(context)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { leave(context) }

    private func leave(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
        unread?.cancel()
        unread = nil
        registry.left(context.channel)
    }

    private func wait(_ context: ChannelHandlerContext, seconds: Int64) {
        deadline?.cancel()
        deadline = close(context, in: seconds, because: "no request in time")
    }

    private func close(_ context: ChannelHandlerContext, in seconds: Int64, because reason: String) -> Scheduled<Void> {
        let (channel, registry) = (context.channel, registry)
        return context.eventLoop.scheduleTask(in: .seconds(seconds)) {
            registry.refused(reason)
            channel.close(promise: nil)
        }
    }
}
