import Glibc

/// What uname(2) says; for a recorded machine what its /proc/sys/kernel holds.
public struct KernelName: Hashable, Sendable {
    /// The host's name as the kernel has it.
    public var hostname: String?
    /// Release, e.g. `6.1.0-18-amd64`.
    public var release: String?
    /// Version: build number and date.
    public var version: String?
    /// Architecture, e.g. `x86_64`; nil for a recorded machine.
    public var machine: String?

    /// Asks the kernel or the tree.
    public init(_ root: SystemRoot) {
        hostname = root.line("/proc/sys/kernel/hostname")
        release = root.line("/proc/sys/kernel/osrelease")
        version = root.line("/proc/sys/kernel/version")
        guard root.isLive else { return }
        var name = utsname()
        guard uname(&name) == 0 else { return }
        machine = withUnsafeBytes(of: &name.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
