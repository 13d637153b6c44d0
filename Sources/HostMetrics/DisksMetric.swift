import LinuxSystem
import Model

/// What each disk does, by `system.device`: `system.disk.io_time` (s), and by `disk.io.direction` `system.disk.io` (By),
/// `system.disk.operations` and `system.disk.operation_time` (s).
///
/// Left out: what is made of other devices (partitions, LVM, RAID: their disks count), loop devices and memory, and what was
/// never read or written.
public struct DisksMetric: HostMetric {
    /// `disks`
    public static let name = "disks"

    private static let limit = 32
    private static let insides = ["loop", "ram", "zram"]

    /// A metric.
    public init() {}

    /// Reads /proc/diskstats.
    public mutating func read(_ root: SystemRoot) throws -> MetricReading {
        let chosen = try DiskCounters.all(root).filter { disk in
            (disk.read.operations > 0 || disk.written.operations > 0) && disk.name.utf8.count <= 64
                && !DisksMetric.insides.contains { disk.name.hasPrefix($0) } && DisksMetric.isWhole(disk.name, root)
        }
        guard !chosen.isEmpty else { return .noData("no disk has read or written anything") }
        let samples = chosen.prefix(DisksMetric.limit).flatMap(DisksMetric.samples)
        guard chosen.count > DisksMetric.limit else { return MetricReading(samples) }
        return MetricReading(
            samples, outcome: .truncated, message: "\(chosen.count - DisksMetric.limit) more disks were left out")
    }

    /// A partition has no directory of its own in /sys/block; in its disk's name the kernel writes `!` for a slash.
    private static func isWhole(_ name: String, _ root: SystemRoot) -> Bool {
        let file = name.map { $0 == "/" ? "!" : $0 }
        let device = BlockDevice(String(file), in: "/sys/block", root)
        return root.exists(device.place) && device.parts.isEmpty
    }

    private static func samples(_ disk: DiskCounters) -> [Sample] {
        let device = ["system.device": disk.name]
        let busy = Sample(SeriesName("system.disk.io_time", device), Double(disk.busyMilliseconds) / 1000)
        return [busy]
            + [("read", disk.read), ("write", disk.written)].flatMap { direction, counts in
                let attributes = device.merging(["disk.io.direction": direction]) { first, _ in first }
                return [
                    Sample(SeriesName("system.disk.io", attributes), Double(counts.bytes)),
                    Sample(SeriesName("system.disk.operations", attributes), Double(counts.operations)),
                    Sample(
                        SeriesName("system.disk.operation_time", attributes), Double(counts.milliseconds) / 1000),
                ]
            }
    }
}
