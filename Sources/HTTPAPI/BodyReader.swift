import Hummingbird
import Model
import NIOCore
import Wire

/// Reads a request's body within its limits of size and time, and inflates it where it is gzip.
enum BodyReader {
    /// The body; empty where there is none. It may take `seconds` to arrive.
    static func read(_ request: Request, seconds: Int) async throws -> [UInt8] {
        if let length = request.headers[.contentLength] {
            guard let count = Int(length), count >= 0 else {
                throw ProblemDetails.invalid("Content-Length is no number")
            }
            guard count <= Limits.bodyBytes else { throw ProblemDetails.bodyTooLarge }
        }
        let packed = try await collect(request.body, seconds: seconds)
        switch request.headers[.contentEncoding]?.lowercased() {
        case nil, "identity": return packed
        case "gzip":
            do { return try Gzip.decompress(packed) } catch {
                let isLarge =
                    switch error {
                    case .tooLarge, .ratio: true
                    default: false
                    }
                throw ProblemDetails(
                    "bad-gzip", isLarge ? 413 : 400, "Body refused", "\(error.description); send it again whole")
            }
        default:
            throw ProblemDetails(
                "content-encoding", 415, "Content encoding not known", "send the body as it is or with gzip")
        }
    }

    private static func collect(_ body: RequestBody, seconds: Int) async throws -> [UInt8] {
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask {
                do {
                    let buffer = try await body.collect(upTo: Limits.bodyBytes)
                    try Task.checkCancellation()
                    return Array(buffer.readableBytesView)
                } catch is NIOTooManyBytesError {
                    throw ProblemDetails.bodyTooLarge
                }
            }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                throw ProblemDetails.bodyTooSlow
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }
}
