import Glibc

/// Tells systemd how the service stands (sd_notify(3)); does nothing where nobody asked.
public enum ServiceManager {
    /// Sends `READY=1`, `STOPPING=1`, `WATCHDOG=1` or `STATUS=…` to the socket named in `NOTIFY_SOCKET`.
    public static func notify(_ state: String) {
        guard let name = getenv("NOTIFY_SOCKET") else { return }
        var path = Array(String(cString: name).utf8)
        guard let first = path.first, (2...107).contains(path.count) else { return }
        // A leading @ stands for the NUL of an abstract address (unix(7)).
        if first == UInt8(ascii: "@") { path[0] = 0 }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        let text = Array(state.utf8)
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, text, text.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
    }

    /// How long the service manager waits for a sign of life from this process (sd_watchdog_enabled(3)); nil where it
    /// does not wait for any.
    public static var watchdogInterval: Duration? {
        interval(microseconds: environment("WATCHDOG_USEC"), process: environment("WATCHDOG_PID"))
    }

    static func interval(microseconds: String?, process: String?) -> Duration? {
        guard let microseconds = microseconds.flatMap({ Int64($0) }), microseconds > 0 else { return nil }
        guard process.map({ $0 == String(getpid()) }) ?? true else { return nil }
        return .microseconds(microseconds)
    }
}

/// The value of an environment variable; nil where it is not set.
func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
