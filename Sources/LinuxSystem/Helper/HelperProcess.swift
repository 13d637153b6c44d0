/// One process in an answer of the helper: what another user may not see of it, and nothing else.
public struct HelperProcess: Hashable, Sendable {
    /// Its number.
    public var pid: Int
    /// The file it runs; nil for a process that has none or is gone.
    public var executable: String?
    /// The inodes of its sockets.
    public var inodes: [UInt64]

    /// A process.
    public init(pid: Int, executable: String?, inodes: [UInt64] = []) {
        self.pid = pid
        self.executable = executable
        self.inodes = inodes
    }

    /// `PID INODE,INODE FILE` and a NUL: a file's name may hold anything else.
    public var record: [UInt8] {
        let numbers = inodes.isEmpty ? "-" : inodes.map { String($0) }.joined(separator: ",")
        return Array("\(pid) \(numbers) \(executable ?? "")".utf8) + [0]
    }

    /// The processes in an answer; nil when it is not one.
    public static func list(_ answer: [UInt8]) -> [HelperProcess]? {
        guard let last = answer.last else { return [] }
        guard last == 0 else { return nil }
        var processes: [HelperProcess] = []
        for record in answer.dropLast().split(separator: 0, omittingEmptySubsequences: false) {
            guard let process = HelperProcess(record: record) else { return nil }
            processes.append(process)
        }
        return processes
    }

    private init?(record: ArraySlice<UInt8>) {
        let space = UInt8(ascii: " ")
        let parts = record.split(separator: space, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let pid = ByteText(slice: parts[0]).number.flatMap(Int.init(exactly:)), pid > 0 else {
            return nil
        }
        self.pid = pid
        executable = parts[2].isEmpty ? nil : ByteText(slice: parts[2]).string
        guard executable?.hasPrefix("/") ?? true else { return nil }
        inodes = []
        if parts[1].elementsEqual("-".utf8) { return }
        for number in parts[1].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            guard let inode = ByteText(slice: number).count else { return nil }
            inodes.append(inode)
        }
    }
}
