import Glibc
import LinuxSystem
import Testing

/// A directory with the files of a machine, made for one test; all of them are removed when the tests end.
final class RecordedTree {
    // Not in `deinit`: a test often keeps the root only.
    private static let base: String = {
        let base = "/tmp/muster-system-\(getpid())"
        _ = mkdir(base, 0o700)
        atexit { _ = system("rm -rf /tmp/muster-system-\(getpid())") }
        return base
    }()

    let path = "\(RecordedTree.base)/\(UInt64.random(in: 0 ... .max))"
    var root: SystemRoot { SystemRoot(path: path) }

    init(_ files: [String: String] = [:]) {
        _ = mkdir(path, 0o700)
        for (name, content) in files { write(name, Array(content.utf8)) }
    }

    func write(_ name: String, _ content: [UInt8]) {
        directory(name.split(separator: "/").dropLast().joined(separator: "/"))
        guard let file = fopen(path + name, "w") else { return }
        defer { fclose(file) }
        fwrite(content, 1, content.count, file)
    }

    func directory(_ name: String) {
        var place = path
        for part in name.split(separator: "/") {
            place += "/" + part
            _ = mkdir(place, 0o700)
        }
    }

    func link(_ name: String, to target: String) {
        directory(name.split(separator: "/").dropLast().joined(separator: "/"))
        _ = symlink(target, path + name)
    }
}

/// Recorded machines from outside the repository.
enum Corpus {
    /// `MUSTER_CORPUS`, else `shared/corpus` beside the package.
    static let path: String = {
        if let given = getenv("MUSTER_CORPUS") { return String(cString: given) }
        var here = #filePath[...]
        for _ in 0..<3 { here = here[..<(here.lastIndex(of: "/") ?? here.startIndex)] }
        for base in [String(here) + "/..", ".."] where access(base + "/shared/corpus/hosts", R_OK) == 0 {
            return base + "/shared/corpus"
        }
        return "../shared/corpus"
    }()

    static let isPresent = access(path + "/hosts", R_OK) == 0
    static let notice: Comment = "the corpus of recorded machines is not here; set MUSTER_CORPUS"
}
