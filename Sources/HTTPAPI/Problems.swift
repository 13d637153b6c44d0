import CollectorServices
import FleetCA
import Model
import Stores
import Wire

/// Every refusal of the API by name (RFC 9457).
extension ProblemDetails {
    /// A problem called `/problems/NAME`.
    init(_ name: String, _ status: Int, _ title: String, _ detail: String) {
        self.init(type: "/problems/" + name, title: title, status: status, detail: detail)
    }

    static let targetTooLong = ProblemDetails(
        "target-too-long", 414, "Request target too long", "the request target has more than 8192 bytes; shorten it")
    static let notFound = ProblemDetails(
        "no-such-route", 404, "No such route", "there is no such route; docs/api.md lists all")
    static let bodyTooLarge = ProblemDetails(
        "body-too-large", 413, "Body too large", "the body has more than 1048576 bytes; send it in parts")
    static let bodyTooSlow = ProblemDetails(
        "body-too-slow", 408, "Body too slow", "the body did not arrive in 30 seconds; send it again")
    static let tokenMissing = ProblemDetails(
        "token-missing", 401, "Token missing", "send an API token: Authorization: Bearer TOKEN")
    static let tokenRefused = ProblemDetails(
        "token-refused", 401, "Token refused", "the API token is not known or has ended; make a new one")
    static let siteSecretMissing = ProblemDetails(
        "site-secret", 401, "Site's secret missing",
        "send the site's name and secret as user and password: in the GLPI agent's settings user and password")
    static let siteSecretRefused = ProblemDetails(
        "site-secret", 401, "Site's secret refused",
        "there is no such site, or its secret is another; see user and password in the GLPI agent's settings")
    /// No session: pages answer it with the way to sign in.
    public static let signInNeeded = ProblemDetails(
        "sign-in-needed", 401, "Sign in", "sign in to the console first")

    static func role(_ needed: AgentsService.Scope, has role: UserRole) -> ProblemDetails {
        ProblemDetails(
            "role", 403, "Not allowed",
            "this needs the role \(UserRole.allCases.first { $0.scope >= needed }?.rawValue ?? "admin"), yours is "
                + role.rawValue)
    }
    static func badTarget(_ reason: String) -> ProblemDetails {
        ProblemDetails("bad-target", 400, "Bad request target", "the request target is refused: \(reason)")
    }
    static func invalid(_ detail: String) -> ProblemDetails {
        ProblemDetails("invalid", 400, "Invalid request", detail)
    }
    static func methodNotAllowed(_ allowed: [String]) -> ProblemDetails {
        ProblemDetails(
            "method-not-allowed", 405, "Method not allowed",
            "this route takes \(allowed.joined(separator: ", ")) only")
    }
    static func scope(_ needed: AgentsService.Scope, has: AgentsService.Scope) -> ProblemDetails {
        ProblemDetails(
            "scope", 403, "Not allowed",
            "this needs a token of scope \(needed.rawValue), yours is \(has.rawValue)")
    }
    static func certificate(_ problem: CertificateProblem) -> ProblemDetails {
        let name =
            switch problem {
            case .absent: "certificate-absent"
            case .unreadable: "certificate-unreadable"
            case .wrongAuthority: "certificate-authority"
            case .expired: "certificate-expired"
            case .notYetValid: "certificate-not-yet-valid"
            case .notForClients: "certificate-usage"
            case .notAnAgent: "certificate-subject"
            case .revoked: "agent-revoked"
            case .chain: "certificate-chain"
            }
        return ProblemDetails(name, 403, "Client certificate refused", problem.description)
    }

    /// What an error of the services or the store means to a caller, and after how many seconds to try again.
    static func from(_ error: any Error) -> (ProblemDetails, retryAfter: Int?) {
        switch error {
        case let problem as ProblemDetails: (problem, [408, 503].contains(problem.status) ? 1 : nil)
        case let refusal as ServiceRefusal: from(refusal)
        case let error as StoreError: from(error)
        default:
            (
                ProblemDetails(
                    "internal", 500, "Internal error", "the collector could not answer; its log says why"), nil
            )
        }
    }

    /// The HTTP status of a refusal.
    public static func status(of refusal: ServiceRefusal) -> Int { from(refusal).0.status }

    private static func from(_ refusal: ServiceRefusal) -> (ProblemDetails, retryAfter: Int?) {
        switch refusal {
        case .invalid(let text): (.invalid(text), nil)
        case .tooLarge(let text): (ProblemDetails("body-too-large", 413, "Body too large", text), nil)
        case .notFound(let text): (ProblemDetails("not-found", 404, "Not found", text), nil)
        case .forbidden(let name, let text): (ProblemDetails(name, 403, "Not allowed", text), nil)
        case .conflict(let text): (ProblemDetails("conflict", 409, "Conflict", text), nil)
        case .busy(let seconds, let text): (ProblemDetails("too-many", 429, "Too many requests", text), seconds)
        }
    }

    private static func from(_ error: StoreError) -> (ProblemDetails, retryAfter: Int?) {
        switch error {
        case .conflict: (ProblemDetails("conflict", 409, "Conflict", error.description), 1)
        case .notFound: (ProblemDetails("not-found", 404, "Not found", error.description), nil)
        case .refused: (.invalid(error.description), nil)
        case .unwritable, .unusable, .newer, .inUse:
            (ProblemDetails("store", 503, "Store not available", error.description), 10)
        }
    }
}
