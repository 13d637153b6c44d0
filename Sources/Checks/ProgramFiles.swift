import LinuxSystem

/// The files that processes run, from /proc where it is open to us, else from the helper, which is asked once.
struct ProgramFiles {
    private let root: SystemRoot
    private let helper: HelperClient?
    private var answer: [Int: String]?
    /// Why the files of other users' programs were not seen; nil when they were, or when nobody needed them.
    private(set) var missing: String?

    init(root: SystemRoot, helper: HelperClient?, timeout: Duration) {
        self.root = root
        self.helper = helper.map { HelperClient(socket: $0.socket, timeout: min($0.timeout, timeout)) }
    }

    /// The file of one process; nil for a kernel thread, a process that is gone, and one that stays hidden.
    mutating func file(of pid: Int) -> String? {
        if let seen = ProcessInfo.executable(pid, root) { return seen }
        guard let helper else { return nil }
        if let answer { return answer[pid] }
        var files: [Int: String] = [:]
        do throws(HelperError) {
            for process in try helper.executables() { files[process.pid] = process.executable }
        } catch { missing = error.description }
        answer = files
        return files[pid]
    }
}
