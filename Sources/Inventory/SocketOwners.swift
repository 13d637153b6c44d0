import LinuxSystem
import Model

/// Which process holds which socket of this network namespace.
struct SocketOwners {
    /// The sockets, each with its process where one may be seen.
    private(set) var sockets: [(socket: NetworkSocket, process: SocketProcess?)] = []
    /// Whether processes of other users stayed closed to us.
    private(set) var isRestricted = false
    private let holders: [UInt64: Int]

    init(_ root: SystemRoot, users: UserNames) throws {
        var holders: [UInt64: Int] = [:]
        // The oldest holder comes first: a server's children inherit its sockets and go before it does.
        for pid in try ProcessInfo.pids(root) {
            guard let inodes = ProcessInfo.socketInodes(pid, root) else {
                isRestricted = true
                continue
            }
            for inode in inodes where holders[inode] == nil { holders[inode] = pid }
        }
        self.holders = holders
        // Read after the processes: a socket that was closed meanwhile is not listed, one that was opened has no
        // owner yet and is left to the next reading unless it really belongs to nobody.
        var processes: [Int: SocketProcess] = [:]
        for socket in try NetworkSocket.all(root) {
            guard let pid = holders[socket.inode], socket.inode != 0 else {
                sockets.append((socket, nil))
                continue
            }
            let process = processes[pid] ?? SocketProcess(pid, root, users)
            processes[pid] = process
            sockets.append((socket, process))
        }
    }

    /// Whether any socket without a visible process may have one.
    var hasHidden: Bool { isRestricted && sockets.contains { $0.process == nil && $0.socket.inode != 0 } }
}

/// What a service's process is called; the process number is used for nothing but grouping within one reading.
struct SocketProcess: Hashable {
    let pid: Int
    let executable: String?
    let unit: String?
    let user: String?
    let script: String?

    init(_ pid: Int, _ root: SystemRoot, _ users: UserNames) {
        self.pid = pid
        executable = ProcessInfo.executable(pid, root)
        unit = ProcessInfo.unit(pid, root)
        user = ProcessInfo.user(pid, root).map { users[$0] }
        let arguments = executable.map(isInterpreter) == true ? ProcessInfo.arguments(pid, root) : []
        script = scriptName(arguments)
    }

    /// The program's file name without directories.
    var name: String? { executable.map { $0.split(separator: "/").last.map(String.init) ?? $0 } }
}

private func isInterpreter(_ executable: String) -> Bool {
    let name = executable.split(separator: "/").last ?? ""
    let prefixes = ["python", "perl", "ruby", "node", "php", "lua", "tclsh"]
    return prefixes.contains(where: name.hasPrefix)
        || ["bash", "sh", "dash", "java", "nodejs", "deno", "bun"].contains(name)
}

/// The file name of the first argument that is no option: what an interpreter runs. Program text given on the command
/// line is not a name and may hold secrets: then there is none.
func scriptName(_ arguments: [String]) -> String? {
    var rest = arguments.dropFirst()
    while let argument = rest.popFirst() {
        if ["-c", "-e", "--eval", "-r", "-"].contains(argument) { return nil }
        if ["-m", "-jar"].contains(argument) { return rest.first.flatMap(fileName) }
        if ["-W", "-X", "-cp", "-classpath", "--class-path", "-I", "-d"].contains(argument) {
            rest = rest.dropFirst()
        } else if !argument.hasPrefix("-") {
            return fileName(argument)
        }
    }
    return nil
}

private func fileName(_ path: String) -> String? {
    guard let name = path.split(separator: "/").last, (1...255).contains(name.utf8.count) else { return nil }
    return String(name)
}
