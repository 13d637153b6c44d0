import Glibc

/// What the kernel says of this process.
struct ProcessFigures: Sendable {
    /// Seconds of processor time, user and system.
    let cpuSeconds: Double
    /// Resident memory; 0 where procfs is not there.
    let residentBytes: Int64
    /// Open file descriptors; 0 where procfs is not there.
    let descriptors: Int64
    /// Most descriptors that may be open.
    let descriptorLimit: Int64

    /// Reads them now.
    init() {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        cpuSeconds = Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)
        residentBytes = Self.residentPages() &* Int64(sysconf(Int32(_SC_PAGESIZE)))
        descriptors = Self.entries(of: "/proc/self/fd")
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        descriptorLimit = Int64(clamping: limit.rlim_cur)
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

    /// Second number of `/proc/self/statm` (proc(5)).
    private static func residentPages() -> Int64 {
        guard let file = fopen("/proc/self/statm", "re") else { return 0 }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = fread(&bytes, 1, bytes.count, file)
        let words = bytes.prefix(count).split(separator: UInt8(ascii: " "))
        return words.count > 1 ? Int64(String(decoding: words[1], as: UTF8.self)) ?? 0 : 0
    }

    private static func entries(of path: String) -> Int64 {
        guard let directory = opendir(path) else { return 0 }
        defer { closedir(directory) }
        var count: Int64 = 0
        while readdir(directory) != nil { count += 1 }
        // Without `.`, `..` and the descriptor of this reading itself.
        return max(0, count - 3)
    }
}
