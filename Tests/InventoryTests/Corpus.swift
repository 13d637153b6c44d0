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
        system("tar -xf '\(path)/hosts/\(name)' -C '\(machine.path)'") == 0
    }

    /// The names in a folder that end so, without the ending.
    static func stems(_ folder: String, _ ending: String) throws -> [String] {
        try SystemRoot().names("\(path)/hosts/\(folder)").filter { $0.hasSuffix(ending) }.map {
            String($0.dropLast(ending.utf8.count))
        }
    }
}

/// How many expected facts were found, and the ones that were not.
struct Share {
    private(set) var right = 0
    private(set) var wrong: [String] = []
    var all: Int { right + wrong.count }

    /// Counts one fact; texts are compared without regard to white space at the ends and runs of it.
    mutating func compare(_ what: String, _ found: String?, _ expected: String?) {
        let left = found.map(squeezed) ?? ""
        let expectation = expected.map(squeezed) ?? ""
        if left == expectation {
            right += 1
        } else {
            wrong.append("\(what): \(left) is not \(expectation)")
        }
    }
}

func squeezed(_ text: String) -> String {
    text.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
}
