import Glibc
import Inventory
import LinuxSystem

/// A directory with the files of a machine, made for one test and removed with it.
final class RecordedMachine {
    let path: String
    var root: SystemRoot { SystemRoot(path: path) }

    init(_ files: [String: [UInt8]] = [:]) {
        path = "/tmp/muster-recorded-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        _ = mkdir(path, 0o700)
        for (name, content) in files { write(name, content) }
    }

    convenience init(text files: [String: String]) { self.init(files.mapValues { Array($0.utf8) }) }

    deinit { removeTree(path) }

    func write(_ name: String, _ content: [UInt8]) {
        makeDirectories(name.split(separator: "/").dropLast())
        let descriptor = open(path + name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var rest = content[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Reads once; the tree stays for as long as that takes, also when nobody else holds it.
    func read(_ source: some InventorySource, below directory: String = "") throws -> InventoryOutcome {
        try withExtendedLifetime(self) {
            try source.read(InventoryContext(root: SystemRoot(path: path + directory)))
        }
    }

    func directory(_ name: String) { makeDirectories(name.split(separator: "/")[...]) }

    func link(_ name: String, to target: String) {
        makeDirectories(name.split(separator: "/").dropLast())
        _ = symlink(target, path + name)
    }

    private func makeDirectories(_ parts: ArraySlice<Substring>) {
        var place = path
        for part in parts {
            place += "/" + part
            _ = mkdir(place, 0o700)
        }
    }
}

private func removeTree(_ path: String) {
    guard let directory = opendir(path) else {
        unlink(path)
        return
    }
    while let entry = readdir(directory) {
        let isDirectory = entry.pointee.d_type == UInt8(DT_DIR)
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name == "." || name == ".." { continue }
        if isDirectory { removeTree("\(path)/\(name)") } else { unlink("\(path)/\(name)") }
    }
    closedir(directory)
    rmdir(path)
}
