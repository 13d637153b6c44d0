import Foundation

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

    /// The compiled simulator, made once per run of the tests; nil where it cannot be.
    public static let program: URL? = {
        guard let shared, let directory = try? temporaryDirectory() else { return nil }
        let program = directory.appendingPathComponent("snmp-fleet")
        let compiler = Child(
            "/usr/bin/cc", ["-O2", "-pthread", "-o", program.path, source(in: shared).path, "-lm"],
            environment: ["PATH": "/usr/bin:/bin"])
        return compiler?.wait() == 0 ? program : nil
    }()

    private let child: Child

    /// Starts it with `arguments` and waits until its sockets are bound; nil where that fails.
    public init?(_ arguments: [String]) async {
        guard let program = Self.program, let directory = try? temporaryDirectory() else { return nil }
        let manifest = directory.appendingPathComponent("manifest")
        guard let child = Child(program.path, ["--manifest", manifest.path] + arguments) else { return nil }
        self.child = child
        let isBound = await eventually { FileManager.default.fileExists(atPath: manifest.path) || !child.isRunning }
        guard isBound, child.isRunning else { return nil }
        devices = ((try? String(contentsOf: manifest, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
        try? FileManager.default.removeItem(at: directory)
    }

    /// The lines of its manifest.
    public let devices: [String]

    /// Ends it.
    public func stop() { child.stop() }

    private static func source(in shared: URL) -> URL { shared.appendingPathComponent("tools/snmp-fleet/snmp-fleet.c") }
}
