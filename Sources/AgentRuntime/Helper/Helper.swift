import CLinux
import Glibc
import LinuxSystem

/// `muster-agent helper`: what its socket unit starts.
public enum Helper {
    /// Serves the socket that the service manager passed, for root and the user called `user`, until nobody asks.
    ///
    /// Throws ``CommandError`` when it was not started through a socket or the user does not exist.
    public static func run(user: String) throws {
        signal(SIGPIPE, SIG_IGN)
        try FileGuard.program()
        guard let number = UserNames(SystemRoot()).number(of: user) else {
            throw CommandError.failed("there is no user \(printed(user)) in /etc/passwd; install the agent first")
        }
        try HelperServer(listener: try listener(), users: [0, number]).run()
    }

    /// The one socket that was passed (sd_listen_fds(3)).
    private static func listener() throws(CommandError) -> Int32 {
        let first: Int32 = 3
        func number(_ name: String) -> Int32? { getenv(name).flatMap { Int32(String(cString: $0)) } }
        guard number("LISTEN_PID") == getpid(), number("LISTEN_FDS") == 1 else {
            throw .usage("helper is started by muster-agent-helper.socket only; ask for inventory instead")
        }
        var listens: Int32 = 0
        var family: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(first, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) == 0, listens == 1,
            getsockopt(first, SOL_SOCKET, SO_DOMAIN, &family, &length) == 0, family == AF_UNIX
        else { throw .usage("what was passed to helper is no listening unix socket") }
        // Only we hold it: what we start has no business with it, and accept must not wait for a peer that left.
        guard fcntl(first, F_SETFD, FD_CLOEXEC) == 0, fcntl(first, F_SETFL, O_NONBLOCK) == 0 else {
            throw .failed("the helper's socket: \(systemErrorText(errno))")
        }
        return first
    }
}
