import CLinux
import Glibc

/// The one way to start another program: absolute path, fixed arguments, an environment of what is given alone, limits of time and
/// output.
///
/// The program gets its own process group, which is ended as a whole when a limit is reached, `/dev/null` as input
/// unless it is given some, and `/dev/null` as error output unless that is kept. There is no shell. The call blocks until
/// the program has ended: use it from a worker.
///
/// Root runs a program that belongs to another system account (Debian's lldpcli belongs to `_lldpd`) as that account,
/// through setpriv(1): whoever can replace a file must not gain root by it.
public struct ProgramRun: Hashable, Sendable {
    /// The program's path.
    public var program: String
    /// What follows the name; never text from outside, never a secret.
    public var arguments: [String]
    /// Its environment, each `NAME=value`; nothing else is in it.
    public var environment: [String]
    /// What it reads on its standard input, at most ``inputLimit`` bytes; text from outside belongs here, not in the
    /// arguments. Nil gives it `/dev/null`.
    public var input: [UInt8]?
    /// How long it may run.
    public var timeout: Duration
    /// How long it may print nothing, from its start and from each thing it prints; nil for as long as it runs.
    public var silence: Duration?
    /// How much it may print.
    public var outputBytes: Int
    /// Whether what it says on its error output is kept, too, in one stream with the rest.
    public var keepsErrors: Bool

    /// How many bytes a program is given at most.
    public static let inputLimit = 16 << 20

    /// How a run ended.
    public enum Ending: Hashable, Sendable {
        /// It ended by itself with a status.
        case exited(Int32)
        /// A signal that was not ours ended it.
        case signalled(Int32)
        /// It was ended because it overran its time, or was silent for longer than it may be.
        case timedOut
        /// It was ended because it printed too much.
        case tooMuchOutput
        /// It could not be started; the text says why.
        case notStarted(String)
    }

    /// What a run gave.
    public struct Result: Hashable, Sendable {
        /// How it ended.
        public var ending: Ending
        /// What it printed, at most as much as allowed.
        public var output: [UInt8]
    }

    /// A run.
    public init(
        program: String, arguments: [String] = [], environment: [String] = [], input: [UInt8]? = nil,
        timeout: Duration = .seconds(10), silence: Duration? = nil, outputBytes: Int = 4 << 20,
        keepsErrors: Bool = false
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.input = input
        self.timeout = timeout
        self.silence = silence
        self.outputBytes = outputBytes
        self.keepsErrors = keepsErrors
    }

    /// Starts the program and waits for its end; `heard` is called each time it has printed something.
    public func run(heard: () -> Void = {}) -> Result {
        let command: [String]
        switch self.command() {
        case .success(let found): command = found
        case .failure(let error): return Result(ending: .notStarted(error.reason), output: [])
        }
        let source: Int32?
        switch inputFile() {
        case .success(let descriptor): source = descriptor
        case .failure(let error): return Result(ending: .notStarted(error.reason), output: [])
        }
        defer { if let source { close(source) } }
        var ends: (read: Int32, write: Int32) = (-1, -1)
        let piped = withUnsafeMutableBytes(of: &ends) { raw in
            raw.bindMemory(to: Int32.self).baseAddress.map { muster_pipe($0) } ?? EINVAL
        }
        guard piped == 0 else { return Result(ending: .notStarted(systemErrorText(piped)), output: []) }
        let started = start(command, input: source, output: ends.write)
        close(ends.write)
        defer { close(ends.read) }
        guard case .success(let pid) = started else {
            if case .failure(let error) = started { return Result(ending: .notStarted(error.reason), output: []) }
            return Result(ending: .notStarted("unknown"), output: [])
        }
        return wait(for: pid, output: ends.read, heard)
    }

    /// The input as a file in memory, read from its beginning; nil where there is none. A pipe would need a second thread
    /// that writes while this one reads.
    private func inputFile() -> Swift.Result<Int32?, StartError> {
        guard let input else { return .success(nil) }
        guard input.count <= ProgramRun.inputLimit else {
            return .failure(StartError(reason: "the input has more than \(ProgramRun.inputLimit) bytes"))
        }
        let file = muster_memory_file()
        guard file >= 0 else { return .failure(StartError(reason: systemErrorText(-file))) }
        var rest = input[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = systemErrorText(errno)
                close(file)
                return .failure(StartError(reason: reason))
            }
            rest = rest.dropFirst(count)
        }
        lseek(file, 0, SEEK_SET)
        return .success(file)
    }

    private static let lastSystemAccount: uid_t = 999

    /// What is started: the program itself, or setpriv in front of it. A program that ordinary users can replace is
    /// not run, whoever we are.
    private func command() -> Swift.Result<[String], StartError> {
        func refuse(_ reason: String) -> Swift.Result<[String], StartError> { .failure(StartError(reason: reason)) }
        guard program.hasPrefix("/") else { return refuse("\(program) is no absolute path") }
        let words = [program] + arguments
        guard !(words + environment).contains(where: { $0.utf8.contains(0) }) else {
            return refuse("an argument has a NUL")
        }
        var status = stat()
        guard stat(program, &status) == 0 else { return refuse("\(program): \(systemErrorText(errno))") }
        guard status.st_mode & S_IFMT == S_IFREG else { return refuse("\(program) is not a regular file") }
        guard status.st_mode & 0o022 == 0 else {
            return refuse("\(program) can be written by others; correct its mode")
        }
        if status.st_uid == 0 || status.st_uid == geteuid() { return .success(words) }
        guard status.st_uid <= ProgramRun.lastSystemAccount else {
            return refuse("\(program) belongs to an ordinary user; correct its owner")
        }
        guard geteuid() == 0 else { return .success(words) }
        let account = ["--reuid", String(status.st_uid), "--regid", String(status.st_gid), "--clear-groups"]
        return .success(["/usr/bin/setpriv"] + account + ["--no-new-privs", "--"] + words)
    }

    private struct StartError: Error { var reason: String }

    private func start(_ command: [String], input: Int32?, output: Int32) -> Swift.Result<pid_t, StartError> {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        if keepsErrors {
            posix_spawn_file_actions_adddup2(&actions, output, 2)
        } else {
            posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var arguments = command.map { strdup($0) } + [nil]
        var environment = self.environment.map { strdup($0) } + [nil]
        defer { for text in arguments + environment { free(text) } }
        var pid: pid_t = 0
        let error = posix_spawn(&pid, command.first ?? program, &actions, &attributes, &arguments, &environment)
        return error == 0 ? .success(pid) : .failure(StartError(reason: "\(program): \(systemErrorText(error))"))
    }

    private func wait(for pid: pid_t, output: Int32, _ heard: () -> Void) -> Result {
        let deadline = ContinuousClock.now + timeout
        var collected: [UInt8] = []
        let cut = collect(from: output, into: &collected, until: deadline, heard)
        // The group is ended in any case: a child left behind would hold nothing of ours, but it would go on.
        if cut == nil, let status = reaped(pid, until: deadline) {
            kill(-pid, SIGKILL)
            return Result(ending: ending(status), output: collected)
        }
        kill(-pid, SIGKILL)
        // In the middle of a system call that nothing interrupts, such as one on a disk that is gone, not even that ends it.
        if reaped(pid, until: .now + ProgramRun.patience) == nil {
            let this = self
            BlockingThread.start { _ = this.reaped(pid, until: nil) }
        }
        return Result(ending: cut ?? .timedOut, output: collected)
    }

    /// How long a killed program may take to be gone before it is left to the kernel.
    private static let patience = Duration.seconds(3)

    /// Reads to the end of the output; says which limit was reached, nil when none.
    private func collect(
        from output: Int32, into bytes: inout [UInt8], until deadline: ContinuousClock.Instant, _ heard: () -> Void
    ) -> Ending? {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        var printed = ContinuousClock.now
        while true {
            let left = milliseconds(until: silence.map { min(deadline, printed + $0) } ?? deadline)
            guard left > 0 else { return .timedOut }
            var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            let ready = poll(&waiting, 1, left)
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return .timedOut }
            let count = read(output, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            printed = .now
            heard()
            bytes += chunk[..<min(count, outputBytes - bytes.count)]
            if bytes.count >= outputBytes { return .tooMuchOutput }
        }
    }

    /// The wait status; nil when the deadline comes first. Without a deadline it waits for the end of a killed process.
    private func reaped(_ pid: pid_t, until deadline: ContinuousClock.Instant?) -> Int32? {
        var status: Int32 = 0
        while true {
            let result = waitpid(pid, &status, deadline == nil ? 0 : WNOHANG)
            if result == pid { return status }
            if result < 0, errno != EINTR { return nil }
            if result == 0, let deadline {
                guard milliseconds(until: deadline) > 0 else { return nil }
                // It has closed its output and is about to end; there is no descriptor to wait on.
                usleep(1000)
            }
        }
    }

    private func ending(_ status: Int32) -> Ending {
        let signal = status & 0x7f
        return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
    }

    private func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        let (seconds, attoseconds) = (deadline - ContinuousClock.now).components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return Int32(clamping: min(seconds, 1_000_000) * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
    }
}
