import Glibc
import Inventory
import LinuxSystem
import Model
import Testing

@Suite("RPM databases")
struct RPMDatabaseTests {
    /// A header of texts and numbers as RPM keeps it.
    private func header(_ texts: [(UInt32, String)], _ numbers: [(UInt32, UInt32)]) -> [UInt8] {
        func word(_ value: UInt32) -> [UInt8] {
            (0..<4).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        var index: [UInt8] = []
        var store: [UInt8] = []
        for (tag, number) in numbers {
            index += word(tag) + word(4) + word(UInt32(store.count)) + word(1)
            store += word(number)
        }
        for (tag, text) in texts {
            index += word(tag) + word(6) + word(UInt32(store.count)) + word(1)
            store += Array(text.utf8) + [0]
        }
        return word(UInt32(texts.count + numbers.count)) + word(UInt32(store.count)) + index + store
    }

    private func bash(_ epoch: UInt32? = 1) -> [UInt8] {
        header(
            [
                (1000, "bash"), (1001, "5.2.15"), (1002, "3.fc38"), (1011, "Fedora Project"), (1014, "GPLv3+"),
                (1022, "x86_64"),
            ],
            [(UInt32(1008), UInt32(1_700_000_000)), (UInt32(1009), UInt32(8_000_000))]
                + (epoch.map { [(UInt32(1003), $0)] } ?? []))
    }

    private func packages(_ machine: RecordedMachine) throws -> [SectionItem] {
        switch try machine.read(PackagesSource()) {
        case .success(let sections), .partial(let sections, _): return sections.first?.items ?? []
        case .noData: return []
        }
    }

    private static let hasSQLite = access("/usr/bin/sqlite3", X_OK) == 0

    private func database(_ machine: RecordedMachine, _ headers: [[UInt8]], _ more: String = "") throws {
        machine.directory("/var/lib/rpm")
        machine.write("/etc/os-release", Array("ID=fedora\nVERSION_ID=38\n".utf8))
        var script = "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL);\nBEGIN;\n"
        for header in headers {
            let digits = header.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
            script += "INSERT INTO Packages(blob) VALUES (x'\(digits)');\n"
        }
        machine.write("/script.sql", Array((script + "COMMIT;\n" + more).utf8))
        try #require(
            system("/usr/bin/sqlite3 \(machine.path)/var/lib/rpm/rpmdb.sqlite < \(machine.path)/script.sql >/dev/null")
                == 0)
    }

    @Test("the SQLite form, with headers that go over many pages", .enabled(if: hasSQLite, "sqlite3 is not installed"))
    func sqlite() throws {
        let machine = RecordedMachine()
        let long = header(
            [(1000, "long"), (1001, "1"), (1002, "2"), (1004, String(repeating: "x", count: 100_000))], [])
        try database(machine, [bash(), long])
        let found = try packages(machine)
        #expect(found.map(\.key) == ["rpm:bash:x86_64", "rpm:long:"])
        #expect(
            found.first?.attributes == [
                "name": "bash", "version": "1:5.2.15-3.fc38", "architecture": "x86_64", "vendor": "Fedora Project",
                "license": "GPLv3+", "size_bytes": 8_000_000, "install_date": "2023-11-14T22:13:20.000Z",
                "purl": "pkg:rpm/fedora/bash@5.2.15-3.fc38?arch=x86_64&distro=fedora-38&epoch=1",
            ])
    }

    @Test("thousands of packages in a tree of pages", .enabled(if: hasSQLite, "sqlite3 is not installed"))
    func thousands() throws {
        let machine = RecordedMachine()
        try database(
            machine, (0..<3000).map { header([(1000, "p\($0)"), (1001, "1"), (1002, "1"), (1022, "noarch")], []) })
        #expect(try packages(machine).count == 3000)
    }

    @Test("two kernels of one name are two packages", .enabled(if: hasSQLite, "sqlite3 is not installed"))
    func sideBySide() throws {
        let machine = RecordedMachine()
        try database(
            machine,
            ["5.14.0", "5.15.0"].map { header([(1000, "kernel"), (1001, $0), (1002, "1"), (1022, "x86_64")], []) })
        #expect(try packages(machine).map(\.key) == ["rpm:kernel:5.15.0-1", "rpm:kernel:x86_64"])
    }

    @Test("what a write-ahead log has committed counts", .enabled(if: hasSQLite, "sqlite3 is not installed"))
    func log() throws {
        let machine = RecordedMachine()
        let row = header([(1000, "late"), (1001, "1"), (1002, "1")], []).map {
            ($0 < 16 ? "0" : "") + String($0, radix: 16)
        }
        // The copy is made while the log is open: at the end of the program it would be written back.
        try database(
            machine, [bash()],
            """
            PRAGMA journal_mode=WAL;
            INSERT INTO Packages(blob) VALUES (x'\(row.joined())');
            .shell cp \(machine.path)/var/lib/rpm/rpmdb.sqlite \(machine.path)/copy
            .shell cp \(machine.path)/var/lib/rpm/rpmdb.sqlite-wal \(machine.path)/copy-wal

            """)
        let copied = RecordedMachine()
        copied.directory("/var/lib/rpm")
        for (from, to) in [("/copy", "/rpmdb.sqlite"), ("/copy-wal", "/rpmdb.sqlite-wal")] {
            copied.write("/var/lib/rpm" + to, try machine.root.bytes(from))
        }
        #expect(try packages(copied).map(\.key) == ["rpm:bash:x86_64", "rpm:late:"])
    }

    @Test("the form of SUSE")
    func ndb() throws {
        func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        let blob = bash(nil)
        var file = Array("RpmP".utf8) + word(0) + word(0) + word(1) + word(2) + [UInt8](repeating: 0, count: 12)
        file += Array("Slot".utf8) + word(7) + word(256) + word(100)
        file += Array("Slot".utf8) + word(9) + word(9999) + word(1)
        file += [UInt8](repeating: 0, count: 4096 - file.count)
        file += Array("BlbS".utf8) + word(7) + word(1) + word(blob.count) + blob
        let machine = RecordedMachine(["/usr/lib/sysimage/rpm/Packages.db": file])
        #expect(try packages(machine).map(\.key) == ["rpm:bash:x86_64"])
    }

    @Test("a Berkeley DB is said not to be read")
    func berkeley() throws {
        let machine = RecordedMachine(text: ["/var/lib/rpm/Packages": "x"])
        guard case .partial(_, let trouble) = try machine.read(PackagesSource()) else {
            Issue.record("not partial")
            return
        }
        #expect(trouble.contains("Berkeley DB"))
    }

    @Test(
        "A10: databases with any byte changed are read or refused, never a trap",
        .enabled(if: hasSQLite, "sqlite3 is not installed"))
    func hostile() throws {
        let machine = RecordedMachine()
        try database(machine, [bash(), header([(1000, "l"), (1004, String(repeating: "x", count: 9000))], [])])
        let path = "/var/lib/rpm/rpmdb.sqlite"
        let good = try machine.root.bytes(path)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            var bad = good
            for _ in 0..<Int.random(in: 1...20, using: &generator) {
                bad[Int.random(in: 0..<bad.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            if Bool.random(using: &generator) { bad.removeLast(Int.random(in: 0..<bad.count, using: &generator)) }
            machine.write(path, bad)
            _ = try machine.read(PackagesSource())
        }
        #expect(RPMHeader([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff][...]) == nil)
    }
}
