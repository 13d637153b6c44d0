import Glibc
import Outbound

/// Says what went wrong between this program and the collector, and what to do about it.
struct ConnectionTrouble {
    let connection: Connection

    /// No answer came.
    func error(_ error: OutboundError) -> CommandError {
        let isPassing = [.connection, .timeout, .broken, .resolution].contains(error.kind)
        guard connection.url != nil else {
            return CommandError(socketTrouble(error), isPassing: isPassing)
        }
        return CommandError(
            "\(error.description); \(advice(error))", isUsage: [.badRequest, .credentials].contains(error.kind),
            isPassing: isPassing)
    }

    /// An answer that is a refusal.
    func error(status: Int, detail: String, retryAfter: String?) -> CommandError {
        let what = detail.isEmpty ? "the collector answered with status \(status)" : detail
        switch status {
        case 400: return CommandError(what, isUsage: true)
        case 401:
            let file = connection.tokenFile ?? "the token's file"
            return CommandError(
                "\(what): run muster token api NAME on the collector's host and write its answer into \(file)")
        case 429, 500, 502, 503, 504:
            let seconds = retryAfter.flatMap { Int($0) }.map { max(0, min($0, 3600)) }
            let hint = seconds.map { "; try again in \($0) s" } ?? ""
            return CommandError(what + hint, isPassing: status != 500, retryAfter: seconds)
        case 403 where detail.hasPrefix("this needs a token of scope"):
            return CommandError("\(what); make one on the collector's host: muster token api NAME --scope SCOPE")
        case 404 where detail.hasPrefix("alarm ") || detail.hasPrefix("no alarm "):
            return CommandError("\(what); muster alarm list --state all shows all")
        case 404 where detail.hasPrefix("incident ") || detail.hasPrefix("no incident "):
            return CommandError("\(what); muster incident list --state all shows all")
        case 404 where detail.hasPrefix("no CI is called") && !detail.contains("did you mean"):
            return CommandError("\(what); muster ci find PART looks for a part of a name")
        case 404 where detail.hasPrefix("no agent is called") && !detail.contains("did you mean"):
            return CommandError("\(what); muster agent list shows all")
        default:
            return CommandError(detail.isEmpty ? "\(what); is there a Muster collector at this address?" : what)
        }
    }

    private func socketTrouble(_ error: OutboundError) -> String {
        let path = connection.socket
        var status = stat()
        guard stat(path, &status) == 0 else {
            let reason = String(cString: strerror(errno))
            return errno == EACCES
                ? "\(path): \(reason); use sudo, or --url with --token-file"
                : "\(path) does not exist: no collector runs on this host; start it (systemctl start muster-collector) "
                    + "or give --socket or --url"
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            return "\(path) is not a socket; give --socket the path that collector.toml names"
        }
        guard access(path, W_OK) == 0 else {
            return "\(path): only root and the collector's own user may use it; use sudo, or --url with --token-file"
        }
        guard error.kind == .connection else {
            return "\(path): \(error.kind.rawValue)\(error.reason.isEmpty ? "" : ": \(error.reason)"); "
                + "see journalctl -u muster-collector"
        }
        return "\(path): nobody listens: the collector has stopped; start it (systemctl start muster-collector) or see "
            + "journalctl -u muster-collector"
    }

    private func advice(_ error: OutboundError) -> String {
        switch error.kind {
        case .resolution: return "check the host's name in --url"
        case .connection:
            return "check host and port in --url (7600 unless collector.toml says otherwise) and firewalls"
        case .timeout: return "check the way to it, then the collector with muster doctor on its host"
        case .tls: return tlsAdvice(error.reason)
        case .credentials: return "name ca.pem of the collector's state directory with --ca-file"
        case .badRequest: return "give --url as https://HOST:PORT"
        case .tooLarge: return "ask for less with --limit"
        default: return "is there a Muster collector at this address? Try again"
        }
    }

    private func tlsAdvice(_ reason: String) -> String {
        if reason.contains("expired") {
            return "restart the collector, which renews its certificate, or set this host's clock"
        }
        if reason.contains("not yet valid") { return "set this host's clock" }
        if reason.contains("subject name") || reason.contains("match") {
            return "use a name that \"names\" in collector.toml lists, or add this one there and restart the collector"
        }
        return "it is signed by another CA; name ca.pem of this collector's state directory with --ca-file"
    }
}
