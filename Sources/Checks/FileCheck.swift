import Glibc
import LinuxSystem
import Model
import TOML
import Wire

/// Whether a file is there, is as old and as large as it should be, and holds what it should: a backup, a lock, a
/// configuration nobody may change.
public struct FileCheck: HostCheck {
    /// `file`
    public static let kind = "file"
    private let path: String
    private let isUnwanted: Bool
    private let youngest: Duration?
    private let oldest: Duration?
    private let leastBytes: Int?
    private let mostBytes: Int?
    private let digest: SHA256Digest?
    private let looks = OneLook()

    /// How large a file may be whose content is compared.
    static let contentBytes = 16 << 20
    /// How many names of a directory are looked at.
    private static let names = 10_000

    /// Reads `path` (absolute; in its last part `*` stands for any text, and the newest file counts), `unwanted`, `max_age`,
    /// `min_age`, `min_bytes`, `max_bytes`, `sha256`.
    public init(settings: TOMLTable) throws(TOMLError) {
        path = try settings.requiredString("path")
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard path.hasPrefix("/"), let last = parts.last, !last.isEmpty, !path.utf8.contains(0),
            !parts.dropLast().contains(where: { $0.contains("*") }), last.count(where: { $0 == "*" }) <= 3
        else {
            throw settings.refusal(
                "path", found: "\"\(path)\"",
                accepted: "an absolute path, with at most three * and only in its last part")
        }
        isUnwanted = try settings.bool("unwanted") ?? false
        youngest = try settings.duration("min_age", in: .zero ... .seconds(366 * 86_400))
        oldest = try settings.duration("max_age", in: .seconds(1) ... .seconds(366 * 86_400))
        leastBytes = try settings.int("min_bytes", in: 0 ... .max)
        mostBytes = try settings.int("max_bytes", in: 0 ... .max)
        guard let text = try settings.string("sha256") else {
            digest = nil
            return
        }
        guard let digest = SHA256Digest(hexadecimal: text) else {
            throw settings.refusal("sha256", found: "\"\(text)\"", accepted: "64 hexadecimal digits")
        }
        self.digest = digest
    }

    /// The host on which it looks.
    public var defaultSubject: Subject { .host }

    /// Looks once.
    public func run(_ context: CheckContext) async -> CheckFinding {
        let found = await looks.run(within: context.timeout) { look(SystemRoot(path: context.root)) }
        return found ?? CheckFinding(.unknown, shown("the file system does not answer"))
    }

    private func look(_ root: SystemRoot) -> CheckFinding {
        let found: Found?
        do { found = try newest(root) } catch { return CheckFinding(.unknown, shown(FileCheck.words(error))) }
        guard let found else { return CheckFinding(isUnwanted ? .ok : .critical, shown("does not exist")) }
        let age = Timestamp(seconds: Int64(time(nil))).milliseconds(since: found.modified) / 1000
        let text = "\(spoken(bytes: found.bytes)), \(spoken(.seconds(max(age, 0)))) old"
        if isUnwanted { return CheckFinding(.critical, shown("exists and should not", found.path)) }
        var problems: [String] = []
        if let oldest, age > oldest.components.seconds { problems.append("older than \(spoken(oldest))") }
        if let youngest, age < youngest.components.seconds {
            problems.append("younger than \(spoken(youngest))")
        }
        if let leastBytes, found.bytes < leastBytes { problems.append("smaller than \(spoken(bytes: leastBytes))") }
        if let mostBytes, found.bytes > mostBytes { problems.append("larger than \(spoken(bytes: mostBytes))") }
        if let digest {
            do {
                let content = try root.bytes(found.path, limit: FileCheck.contentBytes)
                if SHA256Digest(of: content) != digest { problems.append("changed content") }
            } catch {
                return CheckFinding(
                    .unknown, shown("its content cannot be compared, \(FileCheck.words(error))", found.path))
            }
        }
        guard !problems.isEmpty else { return CheckFinding(.ok, shown(text, found.path)) }
        return CheckFinding(.critical, shown("\(problems.joined(separator: ", ")) (\(text))", found.path))
    }

    private struct Found {
        var path: String
        var bytes: Int
        var modified: Timestamp
    }

    private func newest(_ root: SystemRoot) throws(SystemReadError) -> Found? {
        guard let slash = path.lastIndex(of: "/") else { return nil }
        let pattern = String(path[path.index(after: slash)...])
        guard pattern.contains("*") else { return try status(path, root) }
        let directory = String(path[..<slash])
        var newest: Found?
        for name in try root.names(directory.isEmpty ? "/" : directory, limit: FileCheck.names)
        where fnmatch(pattern, name, FNM_PERIOD) == 0 {
            guard let found = try status("\(directory)/\(name)", root) else { continue }
            if let other = newest, other.modified >= found.modified { continue }
            newest = found
        }
        return newest
    }

    private func status(_ path: String, _ root: SystemRoot) throws(SystemReadError) -> Found? {
        guard let (bytes, modified) = try root.status(path) else { return nil }
        return Found(path: path, bytes: bytes, modified: modified)
    }

    /// Why nothing can be said, as the end of a sentence.
    private static func words(_ error: SystemReadError) -> String {
        switch error {
        case .absent: "the directory does not exist"
        case .unreadable(_, EACCES): "the agent may not read it"
        case .unreadable(_, let error): "it cannot be read (\(systemErrorText(error)))"
        case .tooLarge(_, let limit): "it has more than \(spoken(bytes: limit))"
        case .outside: "a link leads out of the root"
        }
    }

    private func shown(_ text: String, _ place: String? = nil) -> String {
        "file \(place ?? path): \(text)".shownOnOneLine(limit: 400)
    }
}
