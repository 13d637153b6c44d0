import Foundation
import Glibc
import Testing

@testable import LinuxSystem

@Suite("What the kernel tells of changes")
struct HostEventsTests {
    private func directory(_ places: [String]) throws -> String {
        let root = NSTemporaryDirectory() + "host-events-\(UInt64.random(in: 0 ... .max))"
        for place in places {
            try FileManager.default.createDirectory(atPath: root + place, withIntermediateDirectories: true)
        }
        return root
    }

    @Test("a package manager that replaces its records is heard, its lock and other files of /etc are not")
    func packages() throws {
        let root = try directory(["/var/lib/dpkg", "/etc"])
        defer { try? FileManager.default.removeItem(atPath: root) }
        let events = HostEvents(root: SystemRoot(path: root))
        #expect(events.watched.isSuperset(of: [.packages, .accounts]))
        _ = events.take()
        try Data().write(to: URL(filePath: root + "/var/lib/dpkg/lock"))
        try Data().write(to: URL(filePath: root + "/etc/motd"))
        #expect(!events.take().contains(.packages))
        try Data("x".utf8).write(to: URL(filePath: root + "/var/lib/dpkg/status-new"))
        try #require(rename(root + "/var/lib/dpkg/status-new", root + "/var/lib/dpkg/status") == 0)
        let heard = events.take()
        #expect(heard.contains(.packages))
        #expect(!heard.contains(.accounts))
        try Data().write(to: URL(filePath: root + "/etc/passwd"))
        #expect(events.take().contains(.accounts))
        #expect(!events.take().contains(.packages))
    }

    @Test("a host without any of the directories is watched for the rest")
    func nothing() throws {
        let root = try directory([])
        defer { try? FileManager.default.removeItem(atPath: root) }
        let events = HostEvents(root: SystemRoot(path: root))
        #expect(events.watched.isDisjoint(with: [.packages, .accounts, .units]))
        #expect(events.watched.contains(.mounts))
    }

    @Test("a socket that begins to listen and one that stops are heard; a client's socket is not")
    func listeners() throws {
        let events = HostEvents()
        try #require(events.watched.contains(.listeners))
        // Other programs of this machine may open sockets meanwhile: what is heard must come, what is not cannot be told apart then.
        _ = events.take()
        for family in [AF_INET, AF_INET6] {
            let listener = socket(family, Int32(SOCK_STREAM.rawValue), 0)
            try #require(listener >= 0)
            try #require(listen(listener, 1) == 0)
            #expect(events.take().contains(.listeners))
            close(listener)
            #expect(events.take().contains(.listeners))
        }
    }

    @Test(
        "uevents: disks and devices at a bus count, loop devices and the rest do not",
        arguments: [
            ("add@/devices/x\u{0}ACTION=add\u{0}SUBSYSTEM=block\u{0}DEVNAME=sdb\u{0}", HostEvents.Event.blockDevices),
            ("remove@/devices/x\u{0}SUBSYSTEM=usb\u{0}", .buses),
            ("change@/x\u{0}SUBSYSTEM=block\u{0}DEVNAME=loop3\u{0}", nil), ("add@/x\u{0}SUBSYSTEM=tty\u{0}", nil),
            ("", nil), ("\u{0}\u{0}", nil), ("SUBSYSTEM=", nil), ("SUBSYSTEM=blockSUBSYSTEM=block", nil),
        ])
    func uevents(_ text: String, _ expected: HostEvents.Event?) {
        #expect(HostEvents.event(ofUevent: Array(text.utf8)) == expected)
    }

    @Test("a disk that the kernel speaks of is heard")
    func disk() throws {
        let disk = (try? FileManager.default.contentsOfDirectory(atPath: "/sys/block"))?.first {
            !$0.hasPrefix("loop") && !$0.hasPrefix("ram")
        }
        // Writing here has the kernel send its message about the device again (Documentation/ABI, sysfs-uevent): root alone may.
        guard let disk, let file = FileHandle(forWritingAtPath: "/sys/block/\(disk)/uevent") else { return }
        let events = HostEvents()
        #expect(!events.take().contains(.blockDevices))
        try file.write(contentsOf: Data("change".utf8))
        #expect(events.take().contains(.blockDevices))
        try file.close()
    }

    @Test("records of inotify cut anywhere give names or none, never a trap")
    func cut() {
        var whole: [UInt8] = []
        for (watch, name) in [(Int32(1), "status"), (7, "")] {
            withUnsafeBytes(of: watch) { whole += $0 }
            whole += [UInt8](repeating: 0, count: 8)
            withUnsafeBytes(of: UInt32(name.isEmpty ? 0 : 16)) { whole += $0 }
            if !name.isEmpty { whole += Array(name.utf8) + [UInt8](repeating: 0, count: 16 - name.utf8.count) }
        }
        #expect(HostEvents.names(whole).map(\.name) == ["status", ""])
        for count in 0..<whole.count { #expect(HostEvents.names(Array(whole.prefix(count))).count <= 1) }
        var huge = Array(whole.prefix(16))
        huge.replaceSubrange(12..<16, with: [255, 255, 255, 255])
        #expect(HostEvents.names(huge).isEmpty)
    }
}
