/// Refuses what must not reach the wire: other schemes, user information in URLs, line breaks in headers.
enum RequestGuard {
    /// Scheme, host and port of the URL, for messages.
    static func target(of url: String) -> String {
        guard let scheme = url.range(ofASCII: "://") else { return "request" }
        let rest = url.utf8[scheme.upperBound...]
        let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        let host = authority.split(separator: UInt8(ascii: "@")).last ?? authority
        return String(Substring(url.utf8[..<scheme.upperBound])) + String(Substring(host))
    }

    static func check(_ request: OutboundRequest) throws(OutboundError) {
        let target = target(of: request.url)
        func refuse(_ reason: String) -> OutboundError { OutboundError(.badRequest, target: target, reason: reason) }
        guard request.url.utf8.count <= 8192 else { throw refuse("the URL is longer than 8192 bytes") }
        guard request.url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw refuse("the URL has a space, a control byte or a byte outside ASCII; percent-encode it")
        }
        let lower = lowercased(request.url)
        guard lower.starts(with: "http://".utf8) || lower.starts(with: "https://".utf8) else {
            throw refuse("the URL must begin with http:// or https://")
        }
        guard !hasUserInformation(request.url) else { throw refuse("the URL must not carry a user or password") }
        for (name, value) in request.headers {
            guard isToken(name) else { throw refuse("a header name has bytes that a name cannot have") }
            guard isFieldValue(value) else { throw refuse("the header \(name) has a control byte") }
        }
        if let path = request.unixSocket, !(1...107).contains(path.utf8.count) || path.utf8.contains(0) {
            throw refuse("the path of the unix socket must have 1 to 107 bytes")
        }
    }

    /// An address of a mail envelope (RFC 5321 §4.1.2) without quoting: one `@` or none, no byte that ends it early.
    static func isEnvelopeAddress(_ address: String) -> Bool {
        (1...320).contains(address.utf8.count)
            && address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"<>,;\"\\()".utf8.contains($0) }
            && address.utf8.count { $0 == UInt8(ascii: "@") } <= 1
    }

    /// A name, an IPv4 or a bracketless IPv6 address as it may stand in a URL built by us.
    static func isHost(_ host: String) -> Bool {
        (1...255).contains(host.utf8.count)
            && host.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || ".-_:".utf8.contains(byte)
            }
    }

    private static func hasUserInformation(_ url: String) -> Bool {
        guard let scheme = url.range(ofASCII: "://") else { return false }
        // A backslash ends the host for some parsers and not for others.
        return url.utf8[scheme.upperBound...].prefix { !"/?#".utf8.contains($0) }
            .contains { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "\\") }
    }

    // RFC 9110 §5.6.2.
    private static func isToken(_ name: String) -> Bool {
        (1...255).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
    }

    private static func isFieldValue(_ value: String) -> Bool {
        value.utf8.count <= 8192 && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }
    }
}

extension String {
    fileprivate func range(ofASCII needle: String) -> Range<String.Index>? {
        let bytes = Array(needle.utf8)
        var index = utf8.startIndex
        while index != utf8.endIndex {
            if utf8[index...].starts(with: bytes) { return index..<utf8.index(index, offsetBy: bytes.count) }
            index = utf8.index(after: index)
        }
        return nil
    }
}
