import Inventory
import LinuxSystem
import Model
import Testing

@Suite("FilesystemsSource") struct FilesystemsSourceTests {
    private func items(_ mountinfo: String) throws -> [SectionItem] {
        let machine = RecordedMachine(text: ["/proc/self/mountinfo": mountinfo])
        guard case .success(let sections) = try FilesystemsSource().read(InventoryContext(root: machine.root)) else {
            return []
        }
        return sections.first?.items ?? []
    }

    @Test("local storage is listed by mount point, kernel and network file systems are not")
    func local() throws {
        let items = try items(
            """
            21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
            22 21 0:5 / /proc rw - proc proc rw
            23 21 0:6 / /mnt/nfs rw - nfs4 server:/export rw
            24 21 0:7 / /mnt/ssh rw - fuse.sshfs user@host:/ rw
            25 21 8:2 / /srv/with\\040space ro shared:2 master:1 - xfs /dev/sda2 ro
            26 21 0:8 / /run rw - tmpfs tmpfs rw
            27 21 7:0 / /snap/x/1 ro - squashfs /dev/loop0 ro

            """)
        #expect(
            items == [
                SectionItem(key: "/", attributes: ["device": "/dev/sda1", "type": "ext4", "read_only": false]),
                SectionItem(
                    key: "/srv/with space", attributes: ["device": "/dev/sda2", "type": "xfs", "read_only": true]),
            ])
    }

    @Test("a bind mount of what is mounted elsewhere is not listed, a subvolume of btrfs is")
    func binds() throws {
        let items = try items(
            """
            30 21 8:1 /etc/hosts /etc/hosts rw - ext4 /dev/sda1 rw
            21 1 8:1 / / rw - ext4 /dev/sda1 rw
            31 21 8:1 / /second rw - ext4 /dev/sda1 rw
            32 21 0:30 /@home /home rw - btrfs /dev/sdb rw
            33 21 0:30 /@srv /srv rw - btrfs /dev/sdb rw
            34 21 8:9 /data/a /a rw - ext4 /dev/sdc rw

            """)
        #expect(items.map(\.key) == ["/", "/a", "/home", "/srv"])
    }

    @Test("broken lines are left out")
    func hostile() throws {
        let long = String(repeating: "x", count: 1 << 20)
        #expect(try items("\n-\n - - -\n1 2 3 4 5 6 - ext4\n\(long)\n1 2 8:1 / /\(long) rw - ext4 /dev/a rw\n").isEmpty)
        #expect(try items("1 2 8:1 / /\\777\\04\\ rw - ext4 /dev/a rw\n").count == 1)
    }

    @Test("the machine of this test has a root file system with a size")
    func live() throws {
        guard case .success(let sections) = try FilesystemsSource().read(InventoryContext()) else { return }
        let sizes = sections.flatMap(\.items).compactMap { $0.attributes["size_bytes"]?.integer }
        #expect(sizes.allSatisfy { $0 > 0 })
    }
}
