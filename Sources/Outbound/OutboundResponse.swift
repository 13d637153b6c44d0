/// The answer to a request, whatever its status.
public struct OutboundResponse: Sendable {
    /// The HTTP status.
    public var status: Int
    /// Header fields in the order of arrival; the bytes are taken as UTF-8, broken ones replaced.
    public var headers: [(name: String, value: String)]
    /// The body as sent; no content coding is asked for or undone.
    public var body: [UInt8]
    /// How long the parts took.
    public var timing: TransferTiming
    /// When the server's certificate ends, in seconds since 1970; nil without TLS and on a connection that was kept from before.
    public var certificateEnd: Int64?

    /// The value of the first header of that name (ASCII case ignored); nil where there is none.
    public func header(_ name: String) -> String? {
        headers.first { lowercased($0.name).elementsEqual(lowercased(name)) }?.value
    }
}

/// Times from the start of a transfer.
public struct TransferTiming: Hashable, Sendable {
    /// Until the connection stood; zero where one was kept from before.
    public var connected: Duration
    /// Until TLS stood; zero without TLS.
    public var secured: Duration
    /// Until the first byte of the answer.
    public var firstByte: Duration
    /// Until the end.
    public var total: Duration
}

func lowercased(_ name: String) -> [UInt8] {
    name.utf8.map { (65...90).contains($0) ? $0 | 0x20 : $0 }
}
