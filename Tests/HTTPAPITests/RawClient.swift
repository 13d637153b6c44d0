import FleetCA
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Outbound
import Synchronization
import Wire
import X509

/// A TLS client that sends exactly the bytes it is given: tests need requests that no HTTP library would make.
struct RawClient {
    let port: Int
    let authority: FleetAuthority
    /// Certificate and key in PEM to show; nil for none.
    var identity: (certificate: String, key: String)?

    /// Sends the pieces with `pause` between them and returns everything that comes back until the peer closes or
    /// `seconds` are over. Throws when the connection or the handshake fails.
    func exchange(_ pieces: [[UInt8]], pause: Duration = .zero, seconds: Double = 5) async throws -> String {
        try await talk(seconds: seconds) { write, _ in
            for piece in pieces {
                try await write(piece)
                if pause > .zero { try await Task.sleep(for: pause) }
            }
        }
    }

    func exchange(_ text: String, seconds: Double = 5) async throws -> String {
        try await exchange([Array(text.utf8)], seconds: seconds)
    }

    /// Two requests on one connection; `between` runs after the first answer began to come.
    func exchange(_ first: String, between: () async throws -> Void, _ second: String) async throws -> String {
        try await talk(seconds: 5) { write, received in
            try await write(Array(first.utf8))
            while !received() { try await Task.sleep(for: .milliseconds(5)) }
            try await between()
            try await write(Array(second.utf8))
        }
    }

    /// The serial number of the certificate that the server shows to a new connection.
    func serverCertificate() async throws -> Certificate.SerialNumber {
        let chain = try await OutboundClient().peerChain(host: "127.0.0.1", port: port)
        return try Certificate(pemEncoded: chain.first ?? "").serialNumber
    }

    private func talk(
        seconds: Double,
        _ body: (_ write: ([UInt8]) async throws -> Void, _ received: () -> Bool) async throws -> Void
    ) async throws -> String {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates([try NIOSSLCertificate(bytes: authority.der, format: .der)])
        configuration.certificateVerification = .fullVerification
        if let identity {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(identity.certificate.utf8)).map {
                .certificate($0)
            }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(identity.key.utf8), format: .pem))
        }
        let context = try NIOSSLContext(configuration: configuration)
        let collector = ReplyCollector()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(5))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let tls = try NIOSSLClientHandler(context: context, serverHostname: nil)
                    try channel.pipeline.syncOperations.addHandlers(tls, ReplyHandler(collector))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        channel.eventLoop.scheduleTask(in: .milliseconds(Int64(seconds * 1000))) { channel.close(promise: nil) }
        do {
            try await body(
                { try await channel.writeAndFlush(ByteBuffer(bytes: $0)).get() },
                { collector.hasAnswer })
        } catch let error as ChannelError where error == .ioOnClosedChannel || error == .alreadyClosed {
            // The server closed while the request was still being sent: what it said before counts.
        }
        try await channel.closeFuture.get()
        return try collector.text()
    }
}

/// What came back so far.
final class ReplyCollector: Sendable {
    private let state = Mutex<(bytes: [UInt8], failure: (any Error)?)>(([], nil))

    var hasAnswer: Bool { state.withLock { $0.bytes.count > 12 || $0.failure != nil } }
    func add(_ more: [UInt8]) { state.withLock { $0.bytes += more } }
    func fail(_ error: any Error) { state.withLock { if $0.failure == nil { $0.failure = error } } }

    func text() throws -> String {
        let (bytes, failure) = state.withLock { $0 }
        if bytes.isEmpty, let failure { throw failure }
        return String(decoding: bytes, as: UTF8.self)
    }
}

final class ReplyHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let collector: ReplyCollector

    init(_ collector: ReplyCollector) { self.collector = collector }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        collector.add(Array(unwrapInboundIn(data).readableBytesView))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        collector.fail(error)
        context.close(promise: nil)
    }
}

/// A request with a JSON body.
func post(_ path: String, _ body: some Encodable, close: Bool = true) throws -> String {
    let bytes = try JSONEncoder().encode(body)
    return """
        POST \(path) HTTP/1.1\r\nHost: c\r\nContent-Type: application/json\r\nContent-Length: \(bytes.count)\r\n\
        \(close ? "Connection: close\r\n" : "")\r\n
        """ + String(decoding: bytes, as: UTF8.self)
}

/// A request without a body.
func get(_ path: String, close: Bool = true) -> String {
    "GET \(path) HTTP/1.1\r\nHost: c\r\n\(close ? "Connection: close\r\n" : "")\r\n"
}

/// A request with a batch of one frame.
func report(_ batch: Batch, close: Bool = true) -> [UInt8] {
    let bytes = batch.encoded()
    return Array(
        """
        POST /v1/agent/reports HTTP/1.1\r\nHost: c\r\nContent-Length: \(bytes.count)\r\n\
        \(close ? "Connection: close\r\n" : "")\r\n
        """.utf8) + bytes
}
