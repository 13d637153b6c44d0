import Glibc
import ServiceLifecycle

/// Tells the service manager that the agent is up, and that it is going down (sd_notify(3)).
struct ReadyService: Service {
    func run() async throws {
        ReadyService.notify("READY=1")
        try? await gracefulShutdown()
        ReadyService.notify("STOPPING=1")
    }

    /// Sends one datagram to the socket in `NOTIFY_SOCKET`; without that there is nobody to tell.
    static func notify(_ message: String) {
        guard let variable = getenv("NOTIFY_SOCKET") else { return }
        var path = Array(String(cString: variable).utf8)
        var address = sockaddr_un()
        guard path.count > 1, path.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        address.sun_family = sa_family_t(AF_UNIX)
        // `@` stands for the NUL of an abstract socket.
        if path[0] == UInt8(ascii: "@") { path[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        let bytes = Array(message.utf8)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, 0, $0, length)
            }
        }
    }
}
