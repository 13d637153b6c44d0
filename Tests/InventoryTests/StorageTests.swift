import Glibc
import Inventory
import LinuxSystem
import Model
import Testing

@Suite("Partitions, volumes, RAID, swap and storage networks")
struct StorageTests {
    private func items(_ machine: RecordedMachine, _ source: some InventorySource, below directory: String = "") throws
        -> [SectionItem]
    {
        guard case .success(let sections) = try machine.read(source, below: directory) else { return [] }
        return sections.first?.items ?? []
    }

    @Test("a partition with what udev saw in it")
    func partition() throws {
        let machine = RecordedMachine(text: [
            "/sys/block/sda/dev": "8:0\n", "/sys/block/sda/sda1/partition": "1\n", "/sys/block/sda/sda1/size": "2048\n",
            "/sys/block/sda/sda1/dev": "8:1\n", "/sys/block/sda/sda1/ro": "0\n",
            "/sys/block/sda/sda1/holders/dm-0/x": "",
            "/run/udev/data/b8:1": """
            S:disk/by-uuid/x
            E:ID_FS_TYPE=crypto_LUKS
            E:ID_FS_UUID=1234-5678
            E:ID_PART_ENTRY_SCHEME=gpt
            E:ID_PART_ENTRY_NAME=my\\x20disk
            E:ID_PART_ENTRY_TYPE=0fc63daf-8483-4772-8e79-3d69d8477de4

            """,
        ])
        #expect(
            try items(machine, PartitionsSource()) == [
                SectionItem(
                    key: "sda1",
                    attributes: [
                        "disk": "sda", "number": 1, "size_bytes": 1_048_576, "scheme": "gpt", "type": "Linux",
                        "label": "my disk", "content": "crypto_LUKS", "content_uuid": "1234-5678", "is_encrypted": true,
                        "read_only": false, "used_by": .list(["dm-0"]),
                    ])
            ])
    }

    @Test("volumes are told by the prefix of their UUID and named by what stays")
    func volumes() throws {
        let machine = RecordedMachine(text: [
            "/sys/block/dm-0/dm/name": "sda1_crypt\n", "/sys/block/dm-0/dm/uuid": "CRYPT-LUKS2-abc-sda1_crypt\n",
            "/sys/block/dm-0/size": "2048\n", "/sys/block/dm-0/slaves/sda1/x": "",
            "/sys/block/dm-1/dm/name": "my--vg-root\n", "/sys/block/dm-1/dm/uuid": "LVM-abc\n",
            "/sys/block/dm-1/size": "1024\n", "/sys/block/dm-1/slaves/dm-0/x": "",
            "/sys/block/dm-2/dm/name": "mpatha\n", "/sys/block/dm-2/dm/uuid": "mpath-3600\n",
        ])
        let found = try items(machine, VolumesSource())
        #expect(found.map(\.key) == ["mpatha", "my--vg-root", "sda1_crypt"])
        #expect(found[0].attributes["type"] == "multipath")
        #expect(found[1].attributes["volume_group"] == "my-vg")
        #expect(found[1].attributes["logical_volume"] == "root")
        #expect(found[1].attributes["made_of"] == .list(["sda1_crypt"]))
        #expect(found[2].attributes["encryption"] == "LUKS2")
        #expect(found[2].attributes["is_encrypted"] == true)
    }

    @Test(
        "the state of a RAID set does not change with every write",
        arguments: [
            ("clean", "idle", "0", "optimal"), ("active", "idle", "0", "optimal"), ("clean", "idle", "1", "degraded"),
            ("active", "recover", "1", "recover"), ("inactive", "idle", "0", "inactive"),
        ])
    func raid(array: String, action: String, degraded: String, state: String) throws {
        let place = "/sys/block/md0/md/"
        let machine = RecordedMachine(text: [
            place + "level": "raid1\n", place + "array_state": array + "\n", place + "sync_action": action + "\n",
            place + "degraded": degraded + "\n", place + "raid_disks": "2\n", place + "dev-sda1/state": "in_sync\n",
            place + "dev-sdb1/state": "faulty\n", "/sys/block/md0/size": "2048\n",
        ])
        let facts = try items(machine, RAIDsSource()).first?.attributes
        #expect(facts?["state"]?.text == state)
        #expect(facts?["members"] == .list(["sda1 in_sync", "sdb1 faulty"]))
        #expect(facts?["disks"] == 2)
    }

    @Test("swap areas without what is used of them")
    func swaps() throws {
        let text = "Filename Type Size Used Priority\n/dev/sda2 partition 2048 77 -2\n/a\\040b file 4 0 5\nbroken\n"
        let found = try items(RecordedMachine(text: ["/proc/swaps": text]), SwapsSource())
        #expect(
            found == [
                SectionItem(key: "/a b", attributes: ["type": "file", "size_bytes": 4096, "priority": 5]),
                SectionItem(
                    key: "/dev/sda2", attributes: ["type": "partition", "size_bytes": 2_097_152, "priority": -2]),
            ])
    }

    @Test("Fibre Channel ports and iSCSI sessions")
    func networks() throws {
        let machine = RecordedMachine(text: [
            "/sys/class/fc_host/host0/port_name": "0x10000090fa942779\n",
            "/sys/class/fc_host/host0/port_state": "Online\n",
            "/sys/class/fc_host/host0/speed": "16 Gbit\n",
            "/sys/class/iscsi_session/session3/targetname": "iqn.2001-05.com.example:x\n",
            "/sys/class/iscsi_connection/connection3:0/persistent_address": "192.0.2.9\n",
            "/etc/iscsi/initiatorname.iscsi": "## x\nInitiatorName=iqn.1993-08.org.debian:01:abc\n",
        ])
        let found = try items(machine, StoragePortsSource())
        #expect(found.map(\.key) == ["10:00:00:90:fa:94:27:79", "iqn.2001-05.com.example:x 192.0.2.9"])
        #expect(found[0].attributes["state"] == "online")
        #expect(found[1].attributes["initiator"] == "iqn.1993-08.org.debian:01:abc")
    }

    @Test(
        "disks and partitions of a recorded machine are as lsblk lists them",
        .enabled(if: Corpus.isPresent, Comment(rawValue: Corpus.notice)))
    func lsblk() throws {
        let machine = RecordedMachine()
        try #require(Corpus.unpack("lsblk/simple-nvme.tar.xz", into: machine))
        let disks = try items(machine, DisksSource(), below: "/simple-nvme")
        let parts = try items(machine, PartitionsSource(), below: "/simple-nvme")
        let known = Dictionary((disks + parts).map { ($0.key, $0.attributes) }) { left, _ in left }
        var share = Share()
        for table in ["basic", "vendor", "state", "rw"] {
            let text = String(decoding: try Corpus.bytes("lsblk/simple-nvme-\(table).expected.txt"), as: UTF8.self)
            for row in Rows(text).rows {
                guard let name = row["NAME"]?.drop(while: { "|`- ".contains($0) }), let facts = known[String(name)]
                else {
                    share.compare("\(table) \(row["NAME"] ?? "?")", nil, "there")
                    continue
                }
                func compare(_ column: String, _ found: String?) {
                    if let value = row[column], !value.isEmpty { share.compare("\(name) \(column)", found, value) }
                }
                compare("SIZE", facts["size_bytes"]?.integer.map(size))
                compare("MODEL", facts["model"]?.text)
                compare("REV", facts["firmware"]?.text)
                if row["TYPE"] == "disk" { compare("ROTA", facts["rotational"] == true ? "1" : "0") }
                compare("PKNAME", facts["disk"]?.text)
                if let value = row["TYPE"] {
                    share.compare("\(name) type", facts["number"] == nil ? "disk" : "part", value)
                }
            }
        }
        print("lsblk: \(share.right) of \(share.all) facts")
        #expect(share.all > 50)
        #expect(share.wrong == [])
    }

    /// `223.6G` as lsblk rounds it.
    private func size(_ bytes: Int64) -> String {
        var value = Double(bytes)
        var unit = 0
        while value >= 1024, unit < 4 {
            value /= 1024
            unit += 1
        }
        let tenths = (value * 10).rounded() / 10
        let text = tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)"
        return text + ["B", "K", "M", "G", "T"][unit]
    }

    /// A listing in columns: a value stands between where its heading and the next one begin, or end where it is to
    /// the right.
    private struct Rows {
        var rows: [[String: String]] = []

        init(_ text: String) {
            let lines = text.split(separator: "\n").map { Array($0) }
            guard let head = lines.first else { return }
            for line in lines.dropFirst() {
                var row: [String: String] = [:]
                for (name, start, end) in Self.columns(head, lines) {
                    let cell = line.indices.contains(start) ? line[start..<min(end, line.count)] : []
                    row[name] = String(cell).split(separator: " ").joined(separator: " ")
                }
                rows.append(row)
            }
        }

        /// A column ends where a place is blank in every line.
        private static func columns(_ head: [Character], _ lines: [[Character]]) -> [(String, Int, Int)] {
            let width = lines.map(\.count).max() ?? 0
            let blank = (0..<width).map { place in lines.allSatisfy { $0.count <= place || $0[place] == " " } }
            var found: [(String, Int, Int)] = []
            var start = 0
            for place in 0...width where place == width || blank[place] {
                if place > start {
                    let cell = head.indices.contains(start) ? String(head[start..<min(place, head.count)]) : ""
                    let name = cell.split(separator: " ").joined()
                    if name.isEmpty, let last = found.popLast() {
                        found.append((last.0, last.1, place))
                    } else {
                        found.append((name, start, place))
                    }
                }
                start = place + 1
            }
            return found
        }
    }
}
