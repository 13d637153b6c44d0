import LinuxSystem
import Testing

@Suite("Mount") struct MountTests {
    @Test("a line gives point, device, type and options, escapes undone")
    func line() throws {
        let text = "36 35 98:0 /mnt1 /mnt\\0402\\134x rw,noatime master:1 shared:2 - ext3 /dev/root\\011a ro,errors=x\n"
        let mount = try #require(try Mount.all(RecordedTree(["/proc/self/mountinfo": text]).root).first)
        #expect(mount.point == "/mnt 2\\x")
        #expect(mount.directory == "/mnt1")
        #expect(mount.device == "98:0")
        #expect(mount.type == "ext3")
        #expect(mount.source == "/dev/root\ta")
        #expect(!mount.isReadOnly)
    }

    @Test("a recorded machine without a process of its own is read through process 1")
    func processOne() throws {
        let tree = RecordedTree(["/proc/1/mountinfo": "1 0 8:1 / / ro - ext4 /dev/sda1 ro\n"])
        #expect(try Mount.local(tree.root).map(\.point) == ["/"])
        #expect(try Mount.local(tree.root).first?.space(tree.root) == nil)
    }

    @Test("the running machine's local file systems answer with sizes that fit together")
    func live() throws {
        for mount in try Mount.local(SystemRoot()) {
            let space = try #require(try mount.space(SystemRoot()))
            #expect(space.freeBytes <= space.sizeBytes)
            #expect(space.availableBytes <= space.freeBytes)
        }
    }
}
