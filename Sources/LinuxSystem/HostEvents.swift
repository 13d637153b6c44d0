import CLinux
import Glibc

/// What the kernel tells of changes on this host without being asked for content: files of package managers and accounts
/// (inotify(7)), mounts (proc(5)), devices (uevents, netlink(7)), interfaces and addresses (rtnetlink(7)), and listening sockets,
/// which tell of nothing and are counted up instead (sock_diag(7)).
///
/// Nothing here needs rights. What a host does not offer is left out: ``watched`` says what is heard. Not `Sendable`: one task
/// owns it.
public final class HostEvents {
    /// What changed.
    public enum Event: String, Hashable, Sendable, CaseIterable {
        /// A package manager wrote its records.
        case packages
        /// Users or groups.
        case accounts
        /// Unit files of systemd.
        case units
        /// What is mounted where.
        case mounts
        /// A disk, a partition or an array came, went or changed.
        case blockDevices
        /// A device at USB or PCI came or went.
        case buses
        /// An interface, an address or a route.
        case network
        /// Something began to listen, or stopped.
        case listeners
    }

    /// Where package managers keep their records, and who watches which directory.
    private static let directories: [(path: String, event: Event)] = [
        ("/var/lib/dpkg", .packages), ("/var/lib/rpm", .packages), ("/usr/lib/sysimage/rpm", .packages),
        ("/var/lib/pacman/local", .packages), ("/lib/apk/db", .packages), ("/var/lib/snapd/snaps", .packages),
        ("/etc", .accounts), ("/etc/systemd/system", .units), ("/usr/lib/systemd/system", .units),
    ]
    /// In `/etc` only these are of interest.
    private static let accountFiles: Set<String> = ["passwd", "group"]
    /// Written in the middle of every run, and no record of anything.
    private static let passing: Set<String> = ["lock", "lock-frontend", "triggers", "updates", ".rpm.lock"]

    private var files: Int32 = -1
    private var watches: [Int32: Event] = [:]
    private var mounts: Int32 = -1
    private var devices: Int32 = -1
    private var network: Int32 = -1
    private var sockets: Int32 = -1
    private var listening: (tcp: UInt64, udp: UInt64)?
    private var looks = 0
    /// Sockets without a peer above this port are those of clients that wait for an answer (ip_local_port_range).
    private var clientPorts: UInt16 = 32_768

    /// What is heard on this host.
    public private(set) var watched: Set<Event> = []

    /// Begins to listen; what happens from now on is told by ``take()``.
    public init(root: SystemRoot = SystemRoot()) {
        openFiles(root)
        mounts = Glibc.open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)
        if mounts >= 0 { watched.insert(.mounts) }
        devices = muster_netlink_open(MUSTER_DEVICES)
        if devices >= 0 { watched.formUnion([.blockDevices, .buses]) }
        network = muster_netlink_open(MUSTER_NETWORK)
        if network >= 0 { watched.insert(.network) }
        if let first = root.line("/proc/sys/net/ipv4/ip_local_port_range")?.prefix(while: { $0.isNumber }),
            let port = UInt16(first)
        {
            clientPorts = port
        }
        sockets = muster_netlink_open(MUSTER_SOCKETS)
        if let tcp = digest(isUDP: false), let udp = digest(isUDP: true) {
            listening = (tcp, udp)
            watched.insert(.listeners)
        }
    }

    deinit {
        for descriptor in [files, mounts, devices, network, sockets] where descriptor >= 0 { close(descriptor) }
    }

    /// What changed since the last call; never blocks longer than the kernel needs to count its sockets.
    public func take() -> Set<Event> {
        var events = fileEvents()
        if areMountsChanged() { events.insert(.mounts) }
        events.formUnion(deviceEvents())
        if drain(network) { events.insert(.network) }
        if areListenersChanged() { events.insert(.listeners) }
        return events
    }

    private func openFiles(_ root: SystemRoot) {
        files = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard files >= 0 else { return }
        let mask = UInt32(IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR)
        for (path, event) in Self.directories {
            let watch = inotify_add_watch(files, root.prefix + path, mask)
            guard watch >= 0 else { continue }
            watches[watch] = event
            watched.insert(event)
        }
    }

    private func fileEvents() -> Set<Event> {
        guard files >= 0 else { return [] }
        var events: Set<Event> = []
        while let bytes = receive(files, read) {
            for (watch, name) in Self.names(bytes) {
                guard let event = watches[watch] else {
                    // The queue ran over: anything may have happened.
                    if watch < 0 { events.formUnion(watches.values) }
                    continue
                }
                if event == .accounts ? Self.accountFiles.contains(name) : !Self.passing.contains(name) {
                    events.insert(event)
                }
            }
        }
        return events
    }

    /// Splits what inotify(7) gives: a watch, a mask, a cookie, the length of the name, the name with zeros behind it.
    static func names(_ bytes: [UInt8]) -> [(watch: Int32, name: String)] {
        var result: [(Int32, String)] = []
        var rest = bytes[...]
        let head = MemoryLayout<inotify_event>.size
        while rest.count >= head {
            let (watch, length) = rest.withUnsafeBytes {
                ($0.loadUnaligned(as: Int32.self), $0.loadUnaligned(fromByteOffset: head - 4, as: UInt32.self))
            }
            rest = rest.dropFirst(head)
            guard let count = Int(exactly: length), count <= rest.count else { break }
            result.append((watch, String(decoding: rest.prefix(count).prefix { $0 != 0 }, as: UTF8.self)))
            rest = rest.dropFirst(count)
        }
        return result
    }

    private func areMountsChanged() -> Bool {
        guard mounts >= 0 else { return false }
        var state = pollfd(fd: mounts, events: Int16(POLLPRI), revents: 0)
        return poll(&state, 1, 0) > 0 && Int32(state.revents) & (POLLPRI | POLLERR) != 0
    }

    private func deviceEvents() -> Set<Event> {
        guard devices >= 0 else { return [] }
        var events: Set<Event> = []
        while let bytes = receive(devices, { recv($0, $1, $2, Int32(MSG_DONTWAIT)) }) {
            if let event = Self.event(ofUevent: bytes) { events.insert(event) }
        }
        return events
    }

    /// What a message of the kernel about a device means here; nil for devices that no source tells of.
    static func event(ofUevent bytes: [UInt8]) -> Event? {
        var subsystem: Substring?
        var name: Substring?
        for part in bytes.split(separator: 0).prefix(64) {
            let text = Substring(decoding: part, as: UTF8.self)
            if text.utf8.starts(with: "SUBSYSTEM=".utf8) { subsystem = text.dropFirst(10) }
            if text.utf8.starts(with: "DEVNAME=".utf8) { name = text.dropFirst(8) }
        }
        switch subsystem {
        case "block":
            return name.map { $0.utf8.starts(with: "loop".utf8) || $0.utf8.starts(with: "ram".utf8) } ?? false
                ? nil : .blockDevices
        case "usb", "pci": return .buses
        default: return nil
        }
    }

    private func drain(_ descriptor: Int32) -> Bool {
        guard descriptor >= 0 else { return false }
        var any = false
        while receive(descriptor, { recv($0, $1, $2, Int32(MSG_DONTWAIT)) }) != nil { any = true }
        // What was lost, because nobody read in time, was something.
        return any || errno == ENOBUFS
    }

    /// UDP is counted at every second look: the kernel goes through all places a UDP socket could be at.
    private func areListenersChanged() -> Bool {
        guard let before = listening else { return false }
        looks &+= 1
        let now = (
            tcp: digest(isUDP: false) ?? before.tcp,
            udp: looks.isMultiple(of: 2) ? digest(isUDP: true) ?? before.udp : before.udp
        )
        listening = now
        return now != before
    }

    private func digest(isUDP: Bool) -> UInt64? {
        guard sockets >= 0 else { return nil }
        var number: UInt64 = 0
        return muster_listener_digest(sockets, isUDP, clientPorts, &number) == 0 ? number : nil
    }

    private func receive(
        _ descriptor: Int32, _ call: (Int32, UnsafeMutableRawPointer?, Int) -> Int
    ) -> [UInt8]? {
        let capacity = 16_384
        let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            count = max(0, call(descriptor, buffer.baseAddress, capacity))
        }
        return bytes.isEmpty ? nil : bytes
    }
}
