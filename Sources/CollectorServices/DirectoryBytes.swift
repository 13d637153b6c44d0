import Glibc

/// What files take on the disk.
public enum DirectoryBytes {
    /// Bytes of the files in a directory whose names begin with `prefix`; 0 where it cannot be read. Blocks while the
    /// file system does.
    public static func sum(in directory: String, prefix: String) -> UInt64 {
        guard let stream = opendir(directory) else { return 0 }
        defer { closedir(stream) }
        var sum: UInt64 = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            var status = stat()
            guard name.hasPrefix(prefix), lstat(directory + "/" + name, &status) == 0,
                status.st_mode & S_IFMT == S_IFREG
            else { continue }
            sum &+= UInt64(clamping: status.st_blocks) &* 512
        }
        return sum
    }
}
