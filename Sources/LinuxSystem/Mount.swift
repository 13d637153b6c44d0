import CLinux

/// A mounted file system (/proc/self/mountinfo, proc(5)).
public struct Mount: Hashable, Sendable {
    /// Where it is mounted.
    public var point: String
    /// The directory of the file system that is mounted there; `/` for all of it.
    public var directory: String
    /// Device number, `major:minor`.
    public var device: String
    /// Type, e.g. `ext4`.
    public var type: String
    /// What was mounted, e.g. `/dev/sda1`.
    public var source: String
    /// Whether it is mounted read-only.
    public var isReadOnly: Bool

    /// All mounts that this process sees, in the order of the kernel.
    public static func all(_ root: SystemRoot) throws(SystemReadError) -> [Mount] {
        // A recorded tree has no `self` of its own; process 1 stands for the machine.
        guard root.exists("/proc/self/mountinfo") else { return try table(root, "1") }
        let own = try table(root, "self")
        guard root.isLive, let machine = try? table(root, "1"), let place = own.last(where: { $0.point == "/" }),
            let first = machine.last(where: { $0.point == "/" }), place.device == first.device,
            place.directory == first.directory
        else { return own }
        // The same root as process 1: a service's sandbox (ProtectSystem= and the like) has more mounts, and read-only
        // ones, that are none of the machine's.
        return machine
    }

    private static func table(_ root: SystemRoot, _ process: String) throws(SystemReadError) -> [Mount] {
        try root.content("/proc/\(process)/mountinfo", limit: 16 << 20).lines.prefix(20_000)
            .compactMap { Mount(line: $0) }
    }

    /// The mounts of local storage, each file system once, sorted by mount point.
    ///
    /// Left out: kernel and memory file systems, network and FUSE ones (asking them can block for ever), images
    /// (squashfs, iso9660), and bind mounts of a file system that is mounted elsewhere with more of its tree.
    public static func local(_ root: SystemRoot) throws(SystemReadError) -> [Mount] {
        var chosen: [String: Mount] = [:]
        for mount in try all(root) where localTypes.contains(mount.type) {
            // Each subvolume of btrfs and each dataset of zfs is a file system to its users.
            let key = mount.type == "btrfs" ? mount.device + " " + mount.directory : mount.device
            guard let other = chosen[key] else {
                chosen[key] = mount
                continue
            }
            if rank(mount) < rank(other) { chosen[key] = mount }
        }
        return chosen.values.sorted { $0.point.utf8.lexicographicallyPrecedes($1.point.utf8) }
    }

    /// Size and free space; nil for a recorded machine. Blocks while the file system does: call it from a process
    /// that may be ended.
    public func space(_ root: SystemRoot) throws(SystemReadError) -> FilesystemSpace? {
        guard root.isLive else { return nil }
        return try FilesystemSpace(at: point)
    }

    /// Parses one line of mountinfo; nil where it has too few fields.
    init?(line: ByteText) {
        let fields = line.fields
        guard fields.count >= 9, let dash = fields.firstIndex(where: { $0 == "-" }), dash >= 6, fields.count > dash + 2
        else { return nil }
        device = fields[2].string
        directory = Mount.unescaped(fields[3])
        point = Mount.unescaped(fields[4])
        isReadOnly = fields[5].split(at: UInt8(ascii: ",")).contains { $0 == "ro" }
        type = fields[dash + 1].string
        source = Mount.unescaped(fields[dash + 2])
        guard point.utf8.count <= 4096 else { return nil }
    }
}

/// Room in a file system.
public struct FilesystemSpace: Hashable, Sendable {
    /// All of it, in bytes.
    public var sizeBytes: UInt64
    /// Not used, in bytes.
    public var freeBytes: UInt64
    /// What an ordinary user can still write, in bytes.
    public var availableBytes: UInt64
    /// Files it can hold; 0 where it has no such limit.
    public var inodes: UInt64
    /// Files it can still take.
    public var freeInodes: UInt64
}

extension FilesystemSpace {
    /// The room in the file system that holds `path`, a path of this machine. Blocks while the file system does.
    public init(at path: String) throws(SystemReadError) {
        var found = muster_filesystem()
        let error = muster_statfs(path, &found)
        guard error == 0 else { throw .unreadable(path: path, error: error) }
        self.init(
            sizeBytes: found.size_bytes, freeBytes: found.free_bytes, availableBytes: found.available_bytes,
            inodes: found.inodes, freeInodes: found.free_inodes)
    }
}

private let localTypes: Set<String> = [
    "ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "jfs", "reiserfs", "bcachefs", "nilfs2", "ufs", "vfat",
    "exfat", "ntfs", "ntfs3", "hfsplus", "overlay", "ubifs", "jffs2",
]

// The whole file system before a part of it, a short mount point before a long one.
private func rank(_ mount: Mount) -> (Int, Int, String) {
    (mount.directory.utf8.count, mount.point.utf8.count, mount.point)
}

extension Mount {
    /// A path of one of the kernel's lists, which write white space and backslash as `\` and three octal digits.
    public static func unescaped(_ text: ByteText) -> String { octalUnescaped(text) }
}

private func octalUnescaped(_ text: ByteText) -> String {
    var result: [UInt8] = []
    var rest = text.bytes
    while let byte = rest.popFirst() {
        let digits = rest.prefix(3)
        if byte == UInt8(ascii: "\\"), digits.count == 3, digits.allSatisfy({ (48...55).contains($0) }) {
            result.append(UInt8(truncatingIfNeeded: digits.reduce(0) { $0 << 3 | Int($1 - 48) }))
            rest = rest.dropFirst(3)
        } else {
            result.append(byte)
        }
    }
    return String(decoding: result, as: UTF8.self)
}
