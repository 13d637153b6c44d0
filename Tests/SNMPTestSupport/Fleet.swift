import Foundation
import Glibc

/// The simulator of recorded devices and their faults, where its source stands beside the repository.
public final class Fleet {
    /// The folder shared by the projects: `MUSTER_SHARED`, else `../shared` from here.
    public static let shared: URL? = {
        let named = ProcessInfo.processInfo.environment["MUSTER_SHARED"].map { URL(fileURLWithPath: $0) }
        let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let candidates = [named, root.deletingLastPathComponent().appendingPathComponent("shared")].compactMap { $0 }
        return candidates.first { FileManager.default.fileExists(atPath: source(in: $0).path) }
    }()

    /// The recorded devices: `MUSTER_CORPUS`, else `corpus` in the shared folder.
    public static let corpus: URL? = {
        let named = ProcessInfo.processInfo.environment["MUSTER_CORPUS"].map { URL(fileURLWithPath: $0) }
        let candidates = [named, shared?.appendingPathComponent("corpus")].compactMap { $0 }
        return candidates.map { $0.appendingPathComponent("snmp") }
            .first { FileManager.default.fileExists(atPath: $0.appendingPathComponent("recordings").path) }
    }()

    /// The compiled simulator, kept between runs as long as its source stays the same; nil where it cannot be made.
    private static func program() async -> String? {
        guard let shared, let status = try? FileManager.default.attributesOfItem(atPath: source(in: shared).path),
            let size = status[.size] as? Int, let changed = status[.modificationDate] as? Date
        else { return nil }
        let name = "muster-snmp-fleet-\(getuid())-\(size)-\(Int(changed.timeIntervalSince1970))"
        let program = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        if FileManager.default.isExecutableFile(atPath: program) { return program }
        let partial = program + "-\(UUID().uuidString)"
        let arguments = ["-O2", "-pthread", "-o", partial, source(in: shared).path, "-lm"]
        guard let compiler = Child("/usr/bin/cc", arguments, environment: ["PATH": "/usr/bin:/bin"]),
            await eventually(within: 120, { !compiler.isRunning }), compiler.wait() == 0, rename(partial, program) == 0
        else { return nil }
        return program
    }

    private let child: Child

    /// Starts it with `arguments` and waits until its sockets are bound; nil where that fails.
    public init?(_ arguments: [String]) async {
        guard let program = await Self.program(), let directory = try? temporaryDirectory() else { return nil }
        let manifest = directory.appendingPathComponent("manifest")
        guard let child = Child(program, ["--manifest", manifest.path] + arguments) else { return nil }
        self.child = child
        // The file is there before its lines are: two looks at it must see the same.
        var seen = ""
        let isBound = await eventually(within: 30) {
            let text = (try? String(contentsOf: manifest, encoding: .utf8)) ?? ""
            defer { seen = text }
            return text.hasSuffix("\n") && text == seen || !child.isRunning
        }
        guard isBound, child.isRunning else { return nil }
        devices = seen.split(separator: "\n").map(String.init)
        try? FileManager.default.removeItem(at: directory)
    }

    /// The lines of its manifest.
    public let devices: [String]

    /// Ends it.
    public func stop() { child.stop() }

    private static func source(in shared: URL) -> URL { shared.appendingPathComponent("tools/snmp-fleet/snmp-fleet.c") }
}
