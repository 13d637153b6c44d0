import Foundation
import HostMetrics
import Inventory
import LinuxSystem

/// A machine below a directory of its own, one of whose files is the input.
struct RecordedTree: Sendable {
    /// Files that are always the same, by path.
    var files: [String: String] = [:]
    /// The path of the file that is the input.
    var input: String
    /// The inventory sources that read it.
    var sources: [any InventorySource.Type] = []
    /// The metrics that read it.
    var metrics: [String] = []

    /// A target that lays the input into the tree and reads the machine.
    func target(_ name: String) -> FuzzTarget {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("muster-fuzz-\(name)-\(getpid())").path
        let isLaid = Once()
        return FuzzTarget(name) { bytes in
            isLaid.run {
                for (path, text) in files { Self.write(Data(text.utf8), to: root + path) }
            }
            Self.write(Data(bytes), to: root + input)
            let machine = SystemRoot(path: root)
            for source in sources { _ = try? source.init().read(InventoryContext(root: machine)) }
            if !metrics.isEmpty {
                var runner = HostMetricRunner(names: metrics)
                _ = runner.read(root: machine)
            }
        }
    }

    private static func write(_ data: Data, to path: String) {
        let url = URL(fileURLWithPath: path)
        if !FileManager.default.createFile(atPath: path, contents: data) {
            try? FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try? data.write(to: url)
        }
    }
}

/// Runs its work the first time only; inputs come one after the other.
final class Once: @unchecked Sendable {
    private var isDone = false

    func run(_ work: () -> Void) {
        guard !isDone else { return }
        isDone = true
        work()
    }
}
