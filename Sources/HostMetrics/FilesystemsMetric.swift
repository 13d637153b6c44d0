import LinuxSystem
import Model

/// `system.filesystem.usage` (By) by state, `system.filesystem.utilization` (1) and `system.filesystem.inodes.utilization`
/// (1) of each local file system, by `system.filesystem.mountpoint`.
///
/// Utilization is what df shows: used, of what an ordinary user could use.
public struct FilesystemsMetric: HostMetric {
    /// `filesystems`
    public static let name = "filesystems"

    private static let limit = 100

    /// A metric.
    public init() {}

    /// Asks each local file system of the running machine.
    public mutating func read(_ root: SystemRoot) throws -> MetricReading {
        guard root.isLive else { return .noData("a recorded machine does not tell the room in its file systems") }
        let mounts = try Mount.local(root)
        guard !mounts.isEmpty else { return .noData("no local file system is mounted") }
        var samples: [Sample] = []
        var problems: [String] = []
        for mount in mounts.prefix(FilesystemsMetric.limit) where mount.point.utf8.count <= Limits.nameBytes {
            do {
                guard let space = try mount.space(root) else { continue }
                samples += FilesystemsMetric.samples(mount.point, space)
            } catch {
                problems.append(error.description)
            }
        }
        if mounts.count > FilesystemsMetric.limit {
            problems.append("\(mounts.count - FilesystemsMetric.limit) more file systems were left out")
        }
        let outcome: ReceiptOutcome = problems.isEmpty ? .success : samples.isEmpty ? .failure : .truncated
        return MetricReading(samples, outcome: outcome, message: problems.joined(separator: "; "))
    }

    /// The values of one file system; none where it has no size.
    static func samples(_ point: String, _ space: FilesystemSpace) -> [Sample] {
        guard space.sizeBytes > 0, space.freeBytes <= space.sizeBytes else { return [] }
        let place = ["system.filesystem.mountpoint": point]
        let used = Double(space.sizeBytes - space.freeBytes)
        let available = Double(min(space.availableBytes, space.freeBytes))
        func usage(_ state: String, _ bytes: Double) -> Sample {
            let attributes = place.merging(["system.filesystem.state": state]) { first, _ in first }
            return Sample(SeriesName("system.filesystem.usage", attributes), bytes)
        }
        var samples = [usage("used", used), usage("free", available)]
        if used + available > 0 {
            samples.append(Sample(SeriesName("system.filesystem.utilization", place), used / (used + available)))
        }
        if space.inodes > 0, space.freeInodes <= space.inodes {
            let share = Double(space.inodes - space.freeInodes) / Double(space.inodes)
            samples.append(Sample(SeriesName("system.filesystem.inodes.utilization", place), share))
        }
        return samples
    }
}
