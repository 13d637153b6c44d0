import Glibc
import LinuxSystem
import Model
import TOML

/// Whether enough processes of a program run.
///
/// A process says itself what it is called; its file cannot be forged, but another user's is seen by root and its
/// helper only. Where the file is hidden its first argument and its name are taken at their word, and the finding says
/// so.
public struct ProcessCheck: HostCheck {
    /// `process`
    public static let kind = "process"
    private let executable: String
    private let argument: String?
    private let minimum: Int

    /// Reads `executable` (absolute path, or name without directory), `argument` (text that must stand in one argument)
    /// and `minimum` (default 1).
    public init(settings: TOMLTable) throws(TOMLError) {
        executable = try settings.requiredString("executable")
        guard !executable.isEmpty, executable.utf8.last != UInt8(ascii: "/"), !executable.utf8.contains(0),
            executable.hasPrefix("/") || !executable.utf8.contains(UInt8(ascii: "/"))
        else {
            throw settings.refusal(
                "executable", found: "\"\(executable)\"", accepted: "an absolute path, or a name without directory")
        }
        argument = try settings.string("argument")
        minimum = try settings.int("minimum", in: 1...100_000) ?? 1
    }

    /// The host on which it looks.
    public var defaultSubject: Subject { .host }

    /// Counts once.
    public func run(_ context: CheckContext) async -> CheckFinding {
        // Thousands of small files: a thread of its own, not one of the few of the executor.
        await BlockingThread.run { count(context) }
    }

    private func count(_ context: CheckContext) -> CheckFinding {
        let deadline = ContinuousClock.now + context.timeout
        let root = SystemRoot(path: context.root)
        var files = ProgramFiles(root: root, helper: context.helper, timeout: context.timeout)
        let pids: [Int]
        do { pids = try ProcessInfo.pids(root) } catch {
            return CheckFinding(.unknown, "process \(executable): \(error)")
        }
        guard pids.first == 1 else {
            return CheckFinding(
                .unknown, "/proc hides other users' processes; mount it without hidepid or let the agent see")
        }
        let file = root.isLive ? realPath(executable) : executable
        var found = 0
        for pid in pids {
            guard ContinuousClock.now < deadline else {
                return CheckFinding(.unknown, "not all \(pids.count) processes could be read in time")
            }
            if isWanted(pid, file, root, &files) { found += 1 }
        }
        let extra = argument.map { " with \"\($0)\"" } ?? ""
        let doubt = files.missing.map { " (names taken at their word: \($0))" } ?? ""
        let number = found == 0 ? "none runs" : "\(found) \(found == 1 ? "runs" : "run")"
        let wanted = found < minimum && minimum > 1 ? ", \(minimum) expected" : ""
        let message = "process \(executable)\(extra): \(number)\(wanted)\(doubt)"
        return CheckFinding(found >= minimum ? .ok : .critical, message.shownOnOneLine(limit: 400))
    }

    private func isWanted(_ pid: Int, _ file: String, _ root: SystemRoot, _ files: inout ProgramFiles) -> Bool {
        guard let process = ProcessInfo.read(pid, root) else { return false }
        let arguments = ProcessInfo.arguments(pid, root)
        // A zombie and a kernel thread have neither memory nor arguments.
        guard process.residentPages > 0 || arguments.contains(where: { !$0.isEmpty }) else { return false }
        guard runs(process, file, arguments, files.file(of: pid)) else { return false }
        guard let argument else { return true }
        return arguments.dropFirst().contains { holds(Array($0.utf8), Array(argument.utf8)) }
    }

    private func runs(_ process: ProcessInfo, _ file: String, _ arguments: [String], _ seen: String?) -> Bool {
        let name = lastPart(executable)
        if executable.hasPrefix("/") {
            if let seen { return same(seen, file) || same(seen, executable) }
            return same(arguments.first ?? "", executable) || isCut(process.name, from: name)
        }
        if let seen, same(lastPart(seen), name) { return true }
        return isCut(process.name, from: name) || same(lastPart(arguments.first ?? ""), name)
    }

    /// The kernel keeps 15 bytes of a name.
    private func isCut(_ name: String, from whole: String) -> Bool {
        name.utf8.elementsEqual(whole.utf8.prefix(15))
    }
}

private func same(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }

private func lastPart(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

/// The file behind links (`/usr/bin/python3`); the path itself where it cannot be followed.
private func realPath(_ path: String) -> String {
    guard path.hasPrefix("/"), let found = realpath(path, nil) else { return path }
    defer { free(found) }
    return String(cString: found)
}
