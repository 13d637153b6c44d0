import ArgumentParser
import FoundationEssentials
import Glibc
import Outbound
import Terminal

/// Where the collector is, and how answers are written.
struct Connection: ParsableArguments {
    @Option(help: "Path of the collector's unix socket.", completion: .file())
    var socket = Connection.standardSocket
    @Option(help: "Address of the API, such as https://collector:7600, instead of the socket.")
    var url: String?
    @Option(help: "File with the API token, for --url.", completion: .file())
    var tokenFile: String?
    @Option(
        help: "File with the fleet CA's certificate (ca.pem of the collector), for --url; without it the system's CAs.",
        completion: .file(extensions: ["pem"]))
    var caFile: String?
    @OptionGroup var display: Display

    /// Where the collector's socket is unless collector.toml says otherwise.
    static let standardSocket = "/run/muster-collector/muster.sock"

    /// How listings are written.
    var format: OutputFormat { display.format }

    func validate() throws {
        guard url == nil || url?.hasPrefix("https://") == true else {
            throw ValidationError("--url must begin with https://, such as https://collector:7600")
        }
        guard url == nil || tokenFile != nil else {
            throw ValidationError(
                "--url needs --token-file; muster token api NAME on the collector's host makes a token")
        }
        guard url != nil || (tokenFile == nil && caFile == nil) else {
            throw ValidationError("--token-file and --ca-file need --url; the socket needs neither")
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
        guard limit > 0 else { throw CommandError("--limit \(limit): give a number of 1 or more", isUsage: true) }
        return try await withProgress("asking for \(path.last ?? "")") { progress in
            var items: [JSONValue] = []
            var after: String?
            while items.count < limit {
                let page = try await get(
                    path, query + [("limit", String(min(limit - items.count, 1000))), ("after", after)])
                items += page["items"].items
                guard case .text(let next) = page["next"] else { break }
                after = next
                progress.update("\(items.count) \(path.last ?? "") so far")
            }
            return items
        }
    }

    /// A list inside a record: its member, and the listing in which it goes on.
    typealias Part = (member: String, path: [String], query: [(String, String?)])

    /// The record with those lists whole that it only begins.
    func whole(_ record: JSONValue, _ parts: [Part]) async throws -> JSONValue {
        guard case .object(var members) = record else { return record }
        for part in parts {
            var items = record[part.member].items
            var next = record["next"][part.member]
            while case .text(let after) = next {
                let page = try await get(part.path, part.query + [("limit", "1000"), ("after", after)])
                items += page["items"].items
                next = page["next"]
            }
            members[part.member] = .array(items)
        }
        members["next"] = nil
        return .object(members)
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
            throw ConnectionTrouble(connection: self).error(error)
        }
        let value = try? JSONDecoder().decode(JSONValue.self, from: Data(response.body))
        guard (200...299).contains(response.status), let value else {
            throw ConnectionTrouble(connection: self).error(
                status: response.status, detail: value?["detail"].display ?? "",
                retryAfter: response.header("Retry-After"))
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
        let token = try firstLine(of: tokenFile, holding: "the API token")
        request.headers.append(("Authorization", "Bearer \(token)"))
        if let caFile {
            _ = try firstLine(of: caFile, holding: "the fleet CA's certificate (ca.pem of the collector)")
            request.tls.trust = .file(caFile)
        }
        return request
    }
}

/// The first line of a small file without its line end; `content` says in refusals what should stand in it.
func firstLine(of path: String, holding content: String) throws -> String {
    guard let file = fopen(path, "re") else {
        throw CommandError(
            "\(path): \(String(cString: strerror(errno))); name a readable file with \(content)", isUsage: true)
    }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, file)
    let line = bytes.prefix(count).prefix { $0 != 0x0a && $0 != 0x0d }
    guard !line.isEmpty, let text = String(validating: line, as: UTF8.self) else {
        throw CommandError("\(path) is empty or not text; put \(content) into it", isUsage: true)
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
