import CollectorServices
import Wire

/// The routes behind `muster-collector backup`: on the unix socket only, because they name a directory of this host.
public struct BackupRoutes: Sendable {
    private let backups: any BackupMaking

    /// Routes over what makes backups.
    public init(backups: any BackupMaking) { self.backups = backups }

    /// All of them.
    public var all: [Route] {
        [
            Route("POST", "/v1/backup", .accounts(.admin), begin),
            Route("GET", "/v1/backup", .accounts(.admin), show),
        ]
    }

    private struct Order: Decodable { var target: String }

    @Sendable private func begin(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        let order = try request.decoded(Order.self)
        return .json(
            Self.json(try await backups.begin(target: order.target, by: request.caller.name)), status: 202)
    }

    @Sendable private func show(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        guard let standing = await backups.standing() else {
            throw ServiceRefusal.notFound("no backup was made since the collector started")
        }
        return .json(Self.json(standing))
    }

    private static func json(_ standing: BackupStanding) -> JSON {
        .object([
            ("state", .text(standing.state.rawValue)), ("target", .text(standing.target)),
            ("started_at", .time(standing.startedAt)), ("ended_at", standing.endedAt.map { .time($0) } ?? .null),
            ("step", .text(standing.step)), ("done_bytes", .integer(standing.doneBytes)),
            ("total_bytes", .integer(standing.totalBytes)), ("files", .integer(Int64(standing.files))),
            ("commit", .integer(standing.commit)), ("failure", .text(standing.failure)),
        ])
    }
}
