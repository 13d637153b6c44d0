import Model

/// What a declared service needs, as written in its file.
public enum ServiceSelector: Hashable, Sendable, CustomStringConvertible {
    /// `host:NAME`, `device:NAME`, `business-service:NAME`: a CI by class and name.
    case named(className: CIClass, name: String)
    /// `service:NAME@HOST`: a program on a host by its CI's name; `nginx` also finds `nginx.service`.
    case service(name: String, host: String)
    /// `listen:tcp:PORT@HOST`: whatever listens there.
    case listener(transport: String, port: Int, host: String)

    /// The forms that are accepted, for error lines.
    public static let forms =
        "host:NAME, device:NAME, business-service:NAME, service:NAME@HOST or listen:TRANSPORT:PORT@HOST"

    /// Parses one of ``forms``; nil on anything else.
    public init?(_ text: String) {
        guard text.utf8.count <= 600, let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let kind = String(text[..<colon])
        let rest = CanonicalText.of(String(text[text.utf8.index(after: colon)...]))
        guard !rest.isEmpty else { return nil }
        switch kind {
        case "host", "device", "business-service":
            self = .named(className: CIClass(rawValue: kind), name: rest)
        case "service":
            guard let (name, host) = ServiceSelector.split(rest) else { return nil }
            self = .service(name: name, host: host)
        case "listen":
            guard let (endpoint, host) = ServiceSelector.split(rest) else { return nil }
            let parts = endpoint.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, ["tcp", "udp"].contains(String(parts[0])), let port = Int(parts[1]),
                (1...65_535).contains(port)
            else { return nil }
            self = .listener(transport: String(parts[0]), port: port, host: host)
        default: return nil
        }
    }

    /// As it is written.
    public var description: String {
        switch self {
        case .named(let className, let name): "\(className.rawValue):\(name)"
        case .service(let name, let host): "service:\(name)@\(host)"
        case .listener(let transport, let port, let host): "listen:\(transport):\(port)@\(host)"
        }
    }

    /// Whether a service CI called `name` is the one meant by `wanted`.
    public static func isService(_ name: String, calledBy wanted: String) -> Bool {
        name == wanted || name == "\(wanted).service"
    }

    private static func split(_ text: String) -> (String, String)? {
        guard let at = text.utf8.lastIndex(of: UInt8(ascii: "@")) else { return nil }
        let parts = (String(text[..<at]), String(text[text.utf8.index(after: at)...]))
        return parts.0.isEmpty || parts.1.isEmpty ? nil : parts
    }
}
