import CollectorServices
import GLPI
import Wire

/// Where agents of GLPI send: the address in their setting `server`. One without a path means `/front/inventory.php` to them.
struct GLPIRoutes: Sendable {
    let service: GLPIService
    let gate: IngestGate

    static let paths = ["/", "/front/inventory.php"]

    /// Media types that the agents name; what the body is shows in itself.
    static let mediaTypes = [
        "application/json", "application/xml", "application/x-compress-zlib", "application/x-compress-gzip",
    ]

    var all: [Route] {
        Self.paths.map { path in
            Route(
                "POST", path, .sites,
                "What a GLPI agent sends: contact, prolog or inventory, in JSON or XML, packed by zlib or gzip or not.",
                consumes: Self.mediaTypes, mediaType: "application/json",
                schema: .object(
                    nil,
                    [
                        ("status", .words(["ok"]), true, "The message was taken."),
                        ("expiration", .type("integer"), true, "Hours until the agent comes again."),
                        ("tasks", .type("object"), false, "What the agent shall do."),
                        ("disabled", Schema.type("string").list, false, "What it shall not do."),
                    ]), take)
        }
    }

    @Sendable private func take(_ request: APIRequest) async throws -> APIResponse {
        guard case .site(let site) = request.caller else { throw ProblemDetails.siteSecretMissing }
        let speaksJSON = request.fields["GLPI-Agent-ID"] != nil
        let answer = try await gate.pass { try await service.answer(request.body, from: site, speaksJSON: speaksJSON) }
        var response = APIResponse(status: 200, mediaType: answer.mediaType, body: answer.body)
        // An agent that logs in detail numbers its requests and looks for the number in the answer.
        if let number = request.fields["GLPI-Request-ID"], number.utf8.count == 8, decodeHexadecimal(number) != nil {
            response.fields.append(("GLPI-Request-ID", number))
        }
        return response
    }
}
