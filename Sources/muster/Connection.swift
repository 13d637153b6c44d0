import ArgumentParser
import FoundationEssentials
import Glibc
import Outbound

/// Where the collector is, and how answers are written.
struct Connection: ParsableArguments {
    @Option(help: "Path of the collector's unix socket.")
    var socket = "/run/muster-collector/muster.sock"
    @Option(help: "Address of the API, such as https://collector:7600, instead of the socket.")
    var url: String?
    @Option(help: "File with the API token, for --url.")
    var tokenFile: String?
    @Option(help: "File with the fleet CA's certificate (ca.pem of the collector), for --url.")
    var caFile: String?
    @Option(help: "table, json or csv.")
    var format = OutputFormat.table

    func validate() throws {
        guard url == nil || url?.hasPrefix("https://") == true else {
            throw ValidationError("--url must begin with https://")
        }
        guard url == nil || tokenFile != nil else { throw ValidationError("--url needs --token-file") }
        guard url != nil || (tokenFile == nil && caFile == nil) else {
            throw ValidationError("--token-file and --ca-file need --url")
        }
    }

    /// Asks for a path with query parameters.
    func get(_ path: [String], _ query: [(String, String?)] = []) async throws -> JSONValue {
        try await send(.get, path, query, body: nil)
    }

    /// Hands over a JSON body.
    func post(_ path: [String], _ members: [String: Encodable & Sendable]) async throws -> JSONValue {
        try await send(.post, path, [], body: try JSONValue.body(members))
    }

    /// All pages of a listing up to `limit` items.
    func list(_ path: [String], _ query: [(String, String?)], limit: Int) async throws -> [JSONValue] {
        var items: [JSONValue] = []
        var after: String?
        while items.count < limit {
            let page = try await get(
                path, query + [("limit", String(min(limit - items.count, 1000))), ("after", after)])
            items += page["items"].items
            guard case .text(let next) = page["next"] else { break }
            after = next
        }
        return items
    }

    private func send(
        _ method: OutboundRequest.Method, _ path: [String], _ query: [(String, String?)], body: [UInt8]?
    ) async throws -> JSONValue {
        let client = OutboundClient()
        defer { client.close() }
        let response: OutboundResponse
        do {
            response = try await client.send(try request(method, path, query, body: body))
        } catch let error as OutboundError {
            throw CommandError(explain(error))
        }
        let value = try? JSONDecoder().decode(JSONValue.self, from: Data(response.body))
        guard (200...299).contains(response.status), let value else {
            let detail = value?["detail"].display ?? ""
            throw CommandError(
                detail.isEmpty ? "the collector answered with status \(response.status)" : detail,
                isUsage: response.status == 400)
        }
        return value
    }

    private func request(
        _ method: OutboundRequest.Method, _ path: [String], _ query: [(String, String?)], body: [UInt8]?
    ) throws -> OutboundRequest {
        let parameters = query.compactMap { name, value in value.map { "\(name)=\(escaped($0))" } }
        let target =
            "/" + path.map(escaped).joined(separator: "/")
            + (parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&"))
        var request = OutboundRequest(method, url: (url.map(withoutSlash) ?? "http://localhost") + target, body: body)
        request.limits.responseBytes = 64 << 20
        request.limits.total = .seconds(60)
        if body != nil { request.headers.append(("Content-Type", "application/json")) }
        guard url != nil, let tokenFile else {
            request.unixSocket = socket
            return request
        }
        request.headers.append(("Authorization", "Bearer \(try firstLine(of: tokenFile))"))
        if let caFile { request.tls.trust = .file(caFile) }
        return request
    }

    private func explain(_ error: OutboundError) -> String {
        guard url == nil else { return error.description }
        return access(socket, F_OK) != 0
            ? "\(socket) does not exist: is the collector running on this host? Give --socket or --url"
            : "\(socket): \(error.kind.rawValue)\(access(socket, W_OK) == 0 ? "" : ": only root may use it")"
    }
}

/// The first line of a small file without its line end.
func firstLine(of path: String) throws -> String {
    guard let file = fopen(path, "re") else {
        throw CommandError("\(path): \(String(cString: strerror(errno)))", isUsage: true)
    }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, file)
    let line = bytes.prefix(count).prefix { $0 != 0x0a && $0 != 0x0d }
    guard !line.isEmpty, let text = String(validating: line, as: UTF8.self) else {
        throw CommandError("\(path) is empty or not text", isUsage: true)
    }
    return text
}

private func withoutSlash(_ url: String) -> String { url.hasSuffix("/") ? String(url.dropLast()) : url }

/// Percent-encodes everything but unreserved characters (RFC 3986 §2.3).
func escaped(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            bytes.append(byte)
        default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
