import LinuxSystem
import Model

/// Which process holds which socket of this network namespace.
struct SocketOwners {
    /// The sockets, each with its process where one may be seen.
    private(set) var sockets: [(socket: NetworkSocket, process: SocketProcess?)] = []
    /// Why processes of other users stayed closed to us; nil when none did.
    private var restriction: String?

    init(_ context: InventoryContext) throws {
        let root = context.root
        let users = UserNames(root)
        var holders: [UInt64: Int] = [:]
        var files: [Int: String] = [:]
        // The oldest holder comes first: a server's children inherit its sockets and go before it does.
        for process in try openProcesses(root, helper: context.helper) {
            files[process.pid] = process.executable
            for inode in process.inodes where holders[inode] == nil { holders[inode] = process.pid }
        }
        // Read after the processes: a socket that was closed meanwhile is not listed, one that was opened has no
        // owner yet and is left to the next reading unless it really belongs to nobody.
        var processes: [Int: SocketProcess] = [:]
        for socket in try NetworkSocket.all(root) {
            guard let pid = holders[socket.inode], socket.inode != 0 else {
                sockets.append((socket, nil))
                continue
            }
            let process = processes[pid] ?? SocketProcess(pid, file: files[pid], root, users)
            processes[pid] = process
            sockets.append((socket, process))
        }
    }

    /// What was left out and why; nil when no socket without a visible process can have one.
    var missing: String? {
        let count = sockets.count { $0.process == nil && $0.socket.inode != 0 }
        guard count > 0, let restriction else { return nil }
        return "the processes of \(count) sockets of other users: \(restriction)"
    }

    /// The section with what was left out, if anything was.
    func outcome(_ name: SectionName, _ items: [SectionItem]) -> InventoryOutcome {
        guard let missing else { return .success([InventorySection(name: name, items: items)]) }
        return .partial([InventorySection(name: name, items: items, isComplete: false)], missing)
    }

    /// The processes that hold sockets: those we may look into, or all of them as the helper sees them.
    private mutating func openProcesses(_ root: SystemRoot, helper: HelperClient?) throws -> [HelperProcess] {
        var found: [HelperProcess] = []
        for pid in try ProcessInfo.pids(root) {
            if let inodes = ProcessInfo.socketInodes(pid, root) {
                if !inodes.isEmpty { found.append(HelperProcess(pid: pid, executable: nil, inodes: inodes)) }
            } else {
                restriction = "only root sees them"
            }
        }
        guard restriction != nil, let helper else { return found }
        do throws(HelperError) {
            found = try helper.sockets()
            restriction = nil
        } catch { restriction = error.description }
        return found
    }
}

/// What a service's process is called; the process number is used for nothing but grouping within one reading.
struct SocketProcess: Hashable {
    let pid: Int
    let executable: String?
    let unit: String?
    let user: String?
    let script: String?

    /// `file` is what the helper says the process runs, where it was asked.
    init(_ pid: Int, file: String?, _ root: SystemRoot, _ users: UserNames) {
        self.pid = pid
        executable = file ?? ProcessInfo.executable(pid, root)
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
