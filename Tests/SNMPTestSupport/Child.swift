import Foundation
import Glibc

/// A program a test starts and ends. Spawned by hand because of its signal mask.
public final class Child {
    private let pid: pid_t
    private var status: Int32?

    /// Starts `path`; nil when that fails. Output is thrown away unless `log` is given.
    public init?(_ path: String, _ arguments: [String], environment: [String: String] = [:], log: URL? = nil) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log?.path ?? "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // Threads of the pool block signals, and a child inherits what is blocked: it could not be ended.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var argv = ([path] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + variables { free(pointer) } }
        var child = pid_t()
        guard posix_spawn(&child, path, &actions, &attributes, &argv, &variables) == 0 else { return nil }
        pid = child
    }

    /// Whether it runs.
    public var isRunning: Bool {
        collect(WNOHANG)
        return status == nil
    }

    /// Waits for its own end; its exit status, or -1 after a signal.
    public func wait() -> Int32 {
        collect(0)
        guard let status, status & 0x7f == 0 else { return -1 }
        return status >> 8 & 0xff
    }

    /// Ends it by its process id and waits.
    public func stop() {
        guard isRunning else { return }
        kill(pid, SIGTERM)
        collect(0)
    }

    deinit {
        if isRunning {
            kill(pid, SIGKILL)
            collect(0)
        }
    }

    private func collect(_ options: Int32) {
        guard status == nil else { return }
        var found: Int32 = 0
        while true {
            let result = waitpid(pid, &found, options)
            if result == -1, errno == EINTR { continue }
            if result == pid { status = found }
            if result == -1 { status = -1 }
            return
        }
    }
}

/// An empty directory of its own for one test.
public func temporaryDirectory() throws -> URL {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("muster-snmp-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
}

/// Waits until `condition` holds, for at most `seconds`.
public func eventually(within seconds: Double = 5, _ condition: () async -> Bool) async -> Bool {
    let end = ContinuousClock.now.advanced(by: .seconds(seconds))
    while ContinuousClock.now < end {
        if await condition() { return true }
        try? await Task.sleep(for: .milliseconds(20))
    }
    return await condition()
}
