import Glibc
import LinuxSystem

/// Recorded machines from outside the repository; tests that use them are skipped with a notice where they are absent.
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
    static let notice = "the corpus of recorded machines is not here; set MUSTER_CORPUS"

    static func bytes(_ name: String) throws -> [UInt8] {
        try SystemRoot().bytes("\(path)/hosts/\(name)", limit: 1 << 24)
    }

    /// Unpacks an archive below the machine's directory; false when tar failed.
    static func unpack(_ name: String, into machine: RecordedMachine) -> Bool {
        system("tar -xzf '\(path)/hosts/\(name)' -C '\(machine.path)'") == 0
    }
}
