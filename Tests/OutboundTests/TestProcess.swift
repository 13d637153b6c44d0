import Glibc

/// A program started by a test in a directory of its own, with what it prints.
final class TestProcess: Sendable {
    private let pid: pid_t
    private let output: Int32
    // Held open: the program may end when it is closed, so that nothing is left behind when the tests are killed.
    private let lifeline: Int32

    /// Starts `arguments[0]`; nil when that fails.
    init?(_ arguments: [String], in directory: String) {
        var ends: [Int32] = [0, 0]
        var life: [Int32] = [0, 0]
        guard pipe(&ends) == 0, pipe(&life) == 0 else { return nil }
        // Other programs of the tests must not hold the ends that count.
        _ = fcntl(life[1], F_SETFD, FD_CLOEXEC)
        _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, life[0], 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        posix_spawn_file_actions_addclose(&actions, ends[1])
        var argv = (["/usr/bin/env", "-C", directory] + arguments).map { strdup($0) } + [nil]
        defer { argv.forEach { free($0) } }
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        var pid: pid_t = 0
        let result = posix_spawn(&pid, "/usr/bin/env", &actions, nil, &argv, &environment)
        close(ends[1])
        close(life[0])
        guard result == 0 else {
            close(ends[0])
            close(life[1])
            return nil
        }
        self.pid = pid
        output = ends[0]
        lifeline = life[1]
    }

    /// The next line it prints, without its end; empty at the end of the output.
    func nextLine() -> String {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(output, &byte, 1) == 1, byte != 10 { line.append(byte) }
        return String(decoding: line, as: UTF8.self)
    }

    /// Waits for its end; true for exit status 0.
    func succeeds() -> Bool {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 { if errno != EINTR { return false } }
        close(output)
        close(lifeline)
        return status == 0
    }

    /// Ends it.
    func stop() {
        kill(pid, SIGKILL)
        _ = succeeds()
    }
}

/// The bytes of a file; empty where there is none.
func contents(of path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = fgetc(file), byte >= 0 { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    return bytes
}

/// Writes a file; false when that fails.
func store(_ bytes: [UInt8], at path: String) -> Bool {
    guard let file = fopen(path, "w") else { return false }
    defer { fclose(file) }
    return fwrite(bytes, 1, bytes.count, file) == bytes.count
}
