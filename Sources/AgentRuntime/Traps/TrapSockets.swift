import Glibc
import LinuxSystem
import SNMP

/// The sockets on which traps arrive: those that the service manager passed, and those of the configuration.
enum TrapSockets {
    /// Opens them. Throws ``CommandError`` with the place where one cannot be had; none at all is an empty list.
    static func open(_ settings: TrapSettings) throws(CommandError) -> [Int32] {
        var sockets = try passed()
        for place in settings.listen {
            do { sockets.append(try SNMPTrapReceiver.bind(place.address, port: place.port)) } catch {
                for socket in sockets { close(socket) }
                throw .failed("[traps] listen \(place): \(reason(error))")
            }
        }
        return sockets
    }

    private static func reason(_ error: SNMPError) -> String {
        guard case .unreachable(_, let code) = error else { return error.description }
        switch code {
        case EACCES: return "ports below 1024 are for muster-agent-traps.socket; enable it, or take a higher port"
        case EADDRINUSE: return "another program has the port; end it, or take another port"
        default: return systemErrorText(code)
        }
    }

    /// What muster-agent-traps.socket holds (sd_listen_fds(3)): datagram sockets, from descriptor 3 on.
    private static func passed() throws(CommandError) -> [Int32] {
        func number(_ name: String) -> Int32? { getenv(name).flatMap { Int32(String(cString: $0)) } }
        guard number("LISTEN_PID") == getpid(), let count = number("LISTEN_FDS"), (1...16).contains(count) else {
            return []
        }
        // What this process starts must not take them for its own.
        for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { unsetenv(name) }
        var sockets: [Int32] = []
        for descriptor in 3..<(3 + count) {
            var kind: Int32 = 0
            var family: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            guard getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &kind, &length) == 0,
                kind == Int32(SOCK_DGRAM.rawValue),
                getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &family, &length) == 0,
                family == AF_INET || family == AF_INET6
            else { throw .usage("what was passed to run is no UDP socket; see muster-agent-traps.socket") }
            guard fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0, fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else {
                throw .failed("a socket for traps: \(systemErrorText(errno))")
            }
            sockets.append(descriptor)
        }
        return sockets
    }
}
