import ArgumentParser
import FoundationEssentials
import Glibc

/// Where the product's programs and the files they are shipped with are.
struct Programs: ParsableArguments {
    @Option(
        name: .customLong("programs"),
        help: "Directory of muster-agent and muster-collector [default: beside muster-bench].")
    var directory: String?

    @Option(help: "Directory that holds collector-config and agent-config [default: the checkout].")
    var files: String?

    @Flag(inversion: .prefixedNo, help: "Measure peers that are installed in the same run.")
    var peers = true

    /// The path of one of the product's programs.
    func path(_ name: String) throws -> String {
        let path = (directory ?? Programs.own) + "/" + name
        guard access(path, X_OK) == 0 else {
            throw BenchError(
                "\(path) is no program; build it (swift build -c release --product \(name)) or give --programs")
        }
        return path
    }

    /// The path of a shipped directory: `collector-config` or `agent-config`.
    func shipped(_ name: String) throws -> String {
        let above = sequence(first: Programs.own) { path in
            path.split(separator: "/").count < 2 ? nil : String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
        }
        let candidates = files.map { [$0] } ?? ([FileManager.default.currentDirectoryPath] + Array(above))
        guard let base = candidates.first(where: { access($0 + "/" + name, R_OK) == 0 }) else {
            throw BenchError("no directory \(name) here or above the program; give --files")
        }
        return base + "/" + name
    }

    /// The program of a peer. Where it is not installed a line says so in the place of `figure`.
    func peer(_ program: String, called name: String, package: String, figure: String) -> String? {
        guard peers else { return nil }
        if let path = Programs.installed(program) { return path }
        Figure(figure, nil, "", program: name, note: "not installed; Debian package \(package)").print()
        return nil
    }

    /// A program of the system, where it is installed.
    static func installed(_ name: String) -> String? {
        ["/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/", "/sbin/", "/bin/"].map { $0 + name }
            .first { access($0, X_OK) == 0 }
    }

    private static let own: String = {
        guard let path = realpath("/proc/self/exe", nil) else { return "." }
        defer { free(path) }
        let text = String(cString: path)
        return String(text[..<(text.lastIndex(of: "/") ?? text.endIndex)])
    }()
}

/// A directory of its own for one run, removed at the end.
struct ScratchDirectory {
    let path: String

    init(_ name: String) throws {
        path = FileManager.default.temporaryDirectory.path + "/muster-bench-\(name)-\(getpid())"
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// Writes a file; `isSecret` makes it readable by its owner only.
func write(_ text: String, to path: String, isSecret: Bool = false) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: isSecret ? 0o600 : 0o644], ofItemAtPath: path)
}
