import FoundationEssentials
import Glibc
import Synchronization

/// A program that the bench started: it is waited for with what it cost, or ended by its own number.
final class RunningProgram: Sendable {
    /// What a program cost from its start to its end, with the programs it started and waited for.
    struct Cost: Sendable {
        /// The exit status; -1 after a signal.
        var status: Int32
        /// Seconds of processor time, user and system.
        var cpuSeconds: Double
        /// The largest resident memory of one process among them, in MiB.
        var peakMiB: Double
        /// Seconds from start to end.
        var seconds: Double
    }

    /// Its process number.
    let pid: pid_t
    private let started = ContinuousClock.now
    private let cost = Mutex<Cost?>(nil)
    private let seenPeak = Mutex(0.0)

    /// Starts `path`; standard output and error go to files, or are thrown away.
    init(_ path: String, _ arguments: [String], output: String? = nil, errors: String? = nil) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output ?? "/dev/null", flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors ?? "/dev/null", flags, 0o600)
        // Threads of the pool block signals, and a child inherits what is blocked: it could not be ended.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        var variables = RunningProgram.environment.map { strdup($0) } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var child = pid_t()
        let error = posix_spawn(&child, path, &actions, &attributes, &words, &variables)
        guard error == 0 else { throw BenchError("\(path) does not start: \(String(cString: strerror(error)))") }
        pid = child
    }

    /// What peers written in Perl or started through a PATH need, the same for all.
    private static let environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "HOME=/nonexistent"]

    /// Whether it still runs.
    var isRunning: Bool {
        collect(WNOHANG)
        return cost.withLock { $0 == nil }
    }

    /// Waits for its own end, for at most `seconds`; then it is ended.
    func wait(atMost seconds: Double) throws -> Cost {
        while isRunning {
            look()
            guard started.secondsSince < seconds else {
                _ = stop()
                throw BenchError("process \(pid) took more than \(Int(seconds)) s and was ended")
            }
            usleep(2000)
        }
        return cost.withLock { $0 } ?? Cost(status: -1, cpuSeconds: 0, peakMiB: 0, seconds: 0)
    }

    /// Ends it and waits; asks first and insists after ten seconds.
    @discardableResult
    func stop() -> Cost {
        let asked = ContinuousClock.now
        if isRunning { kill(pid, SIGTERM) }
        while isRunning {
            if asked.secondsSince > 10 { kill(pid, SIGKILL) }
            usleep(5000)
        }
        return cost.withLock { $0 } ?? Cost(status: -1, cpuSeconds: 0, peakMiB: 0, seconds: 0)
    }

    deinit {
        if cost.withLock({ $0 == nil }) {
            kill(pid, SIGKILL)
            collect(0)
        }
    }

    /// Remembers the largest resident memory it has had so far.
    private func look() {
        guard let now = RunningProgram.peakMiB(pid) else { return }
        seenPeak.withLock { $0 = max($0, now) }
    }

    /// `VmHWM` of /proc/PID/status (proc(5)).
    private static func peakMiB(_ pid: pid_t) -> Double? {
        let line = readFile("/proc/\(pid)/status")?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Double($0) }
            .map { $0 / 1024 }
    }

    /// What getrusage(2) calls the peak begins with that of the bench, in whose memory the program was started: a smaller one
    /// is what was seen each two milliseconds.
    private func peak(_ usage: rusage) -> Double {
        let told = Double(usage.ru_maxrss) / 1024
        let own = RunningProgram.peakMiB(getpid()) ?? 0
        let seen = seenPeak.withLock { $0 }
        return told > own || seen == 0 ? told : seen
    }

    private func collect(_ options: Int32) {
        cost.withLock { cost in
            guard cost == nil else { return }
            var status: Int32 = 0
            var usage = rusage()
            guard wait4(pid, &status, options, &usage) == pid else { return }
            cost = Cost(
                status: status & 0x7f == 0 ? status >> 8 & 0xff : -1,
                cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
                peakMiB: peak(usage), seconds: started.secondsSince)
        }
    }
}

/// A time of getrusage(2) in seconds.
func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
