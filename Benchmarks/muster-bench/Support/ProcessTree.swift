import FoundationEssentials
import Glibc

/// What a running program and all it started hold and have used, read from the kernel (proc(5)).
struct ProcessTree {
    /// Memory of all its processes together, in MiB.
    struct Memory {
        /// Resident; pages that several share are counted for each.
        var resident = 0.0
        /// Resident, each shared page divided among those who share it.
        var proportional = 0.0
        /// What nobody else maps.
        var privateOnly = 0.0
    }

    let root: pid_t

    /// Memory now.
    func memory() -> Memory {
        var memory = Memory()
        for pid in pids() {
            let fields = numbers("/proc/\(pid)/smaps_rollup")
            memory.resident += (fields["Rss"] ?? 0) / 1024
            memory.proportional += (fields["Pss"] ?? 0) / 1024
            memory.privateOnly += ((fields["Private_Clean"] ?? 0) + (fields["Private_Dirty"] ?? 0)) / 1024
        }
        return memory
    }

    /// The largest resident memory the root process ever had, in MiB.
    var peakMiB: Double { (numbers("/proc/\(root)/status")["VmHWM"] ?? 0) / 1024 }

    /// Processor time used so far, in seconds: of running processes by their own clocks, of ended children in ticks.
    func cpuSeconds() -> Double {
        pids().reduce(0) { $0 + clock(of: $1) + endedChildren(of: $1) }
    }

    private func clock(of pid: pid_t) -> Double {
        var clock = clockid_t()
        var time = timespec()
        guard clock_getcpuclockid(pid, &clock) == 0, clock_gettime(clock, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private func endedChildren(of pid: pid_t) -> Double {
        let fields = ProcessTree.stat(pid)
        guard fields.count > 14, let user = Double(fields[13]), let system = Double(fields[14]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// The root and everything below it.
    private func pids() -> [pid_t] {
        var children: [pid_t: [pid_t]] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let pid = pid_t(name), let parent = ProcessTree.stat(pid).dropFirst().first.flatMap({ pid_t($0) })
            else { continue }
            children[parent, default: []].append(pid)
        }
        var found = [root]
        var next = 0
        while next < found.count {
            found += children[found[next]] ?? []
            next += 1
        }
        return found
    }

    /// The fields of /proc/PID/stat behind the program's name, which may hold anything: state, parent, …
    private static func stat(_ pid: pid_t) -> [Substring] {
        guard let text = readFile("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return [] }
        return text[text.index(after: end)...].split(separator: " ")
    }

    /// `Name:  123 kB` by name.
    private func numbers(_ path: String) -> [String: Double] {
        var numbers: [String: Double] = [:]
        for line in (readFile(path) ?? "").split(separator: "\n") {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard words.count > 1, words[0].hasSuffix(":"), let number = Double(words[1]) else { continue }
            numbers[String(words[0].dropLast())] = number
        }
        return numbers
    }
}

/// A small file as text; nil where it cannot be read.
func readFile(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

/// Processor time this process has used, in seconds.
func ownCPUSeconds() -> Double {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

/// Resident memory of this process now, in MiB.
func ownResidentMiB() -> Double { ProcessTree(root: getpid()).memory().resident }
