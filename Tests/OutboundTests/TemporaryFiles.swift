import Glibc

/// A new directory under /tmp.
func temporaryDirectory() -> String? {
    var name = Array("/tmp/muster-outbound-XXXXXX\0".utf8CString)
    let made = name.withUnsafeMutableBufferPointer { $0.baseAddress.flatMap { mkdtemp($0) } != nil }
    return made ? String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
}

/// Removes a directory and the files directly in it.
func remove(_ directory: String) {
    if let handle = opendir(directory) {
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            unlink(directory + "/" + name)
        }
        closedir(handle)
    }
    rmdir(directory)
}

/// A server that answers the first connection with fixed bytes and closes it.
struct RawServer {
    let port: Int

    init?(_ bytes: [UInt8]) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 4) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard bound else { return nil }
        port = Int(UInt16(bigEndian: address.sin_port))
        let work = Unmanaged.passRetained(Work(listener: listener, bytes: bytes))
        var thread = pthread_t()
        pthread_create(&thread, nil, serveOnce, work.toOpaque())
        pthread_detach(thread)
    }

    fileprivate final class Work {
        let listener: Int32
        let bytes: [UInt8]

        init(listener: Int32, bytes: [UInt8]) {
            self.listener = listener
            self.bytes = bytes
        }
    }
}

private func serveOnce(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    let work = Unmanaged<RawServer.Work>.fromOpaque(context).takeRetainedValue()
    let peer = accept(work.listener, nil, nil)
    var chunk = [UInt8](repeating: 0, count: 4096)
    _ = read(peer, &chunk, chunk.count)
    _ = work.bytes.withUnsafeBytes { send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    close(peer)
    close(work.listener)
    return nil
}
