import Glibc
import HTTPAPI

/// How many files and sockets the process may hold (getrlimit(2), RLIMIT_NOFILE).
enum OpenFiles {
    /// What database, samples, log and outgoing connections may need beside the two ports.
    private static let reserve = 192

    /// Raises the soft limit to the hard one, and fits the limits of connections into it: three quarters for agents.
    static func fit(_ limits: ConnectionLimits) -> (agents: ConnectionLimits, api: ConnectionLimits) {
        let free = max(raised() - reserve, 64)
        var (agents, api) = (limits, limits)
        agents.most = min(limits.most, free / 4 * 3)
        api.most = min(limits.most, free / 4)
        return (agents, api)
    }

    private static func raised() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        let soft = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        let isRaised = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        return Int(clamping: isRaised ? limit.rlim_max : soft)
    }
}
