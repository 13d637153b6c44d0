import Glibc
import Inventory
import LinuxSystem
import Model
import Testing

@Suite("PackagesSource")
struct PackagesSourceTests {
    private func items(_ machine: RecordedMachine) throws -> InventorySection {
        switch try machine.read(PackagesSource()) {
        case .success(let sections), .partial(let sections, _): return try #require(sections.first)
        case .noData: throw InventoryError("no data")
        }
    }

    private func paragraph(_ name: String, _ state: String, architecture: String = "amd64") -> String {
        """
        Package: \(name)
        Status: \(state)
        Installed-Size: 12
        Maintainer: A Person <a@example.org>
        Architecture: \(architecture)
        Version: 1:2.0-1
        Description: short
         Package: not-a-field
         .


        """
    }

    @Test("every state but not-installed is listed, as dpkg-query -W does")
    func states() throws {
        let states = [
            "installed", "config-files", "half-installed", "not-installed", "unpacked", "half-configured",
            "triggers-awaited", "triggers-pending",
        ]
        let text = states.map { paragraph("p-\($0)", "install ok \($0)") }.joined() + "Package: no-status\n"
        let section = try items(RecordedMachine(text: [DpkgStatus.path: text]))
        #expect(section.isComplete)
        #expect(section.items.count == 7)
        #expect(
            Set(section.items.compactMap { $0.attributes["state"]?.text }) == Set(states).subtracting(["not-installed"])
        )
    }

    @Test("a package's facts, and one item for each architecture of it")
    func facts() throws {
        let text =
            paragraph("libc6", "install ok installed")
            + paragraph("libc6", "install ok installed", architecture: "i386")
        let section = try items(RecordedMachine(text: [DpkgStatus.path: text]))
        #expect(section.items.map(\.key) == ["deb:libc6:amd64", "deb:libc6:i386"])
        #expect(
            section.items.first?.attributes == [
                "name": "libc6", "state": "installed", "version": "1:2.0-1", "architecture": "amd64",
                "vendor": "A Person <a@example.org>", "size_bytes": 12288,
                "purl": "pkg:deb/linux/libc6@1:2.0-1?arch=amd64",
            ])
    }

    @Test("the journal of a running dpkg stands over the list")
    func journal() throws {
        let machine = RecordedMachine(text: [
            DpkgStatus.path: paragraph("a", "install ok unpacked") + paragraph("b", "install ok installed"),
            "/var/lib/dpkg/updates/0000": paragraph("a", "install ok installed"),
            "/var/lib/dpkg/updates/0001": paragraph("b", "purge ok not-installed")
                + paragraph("c", "install ok unpacked"),
            "/var/lib/dpkg/updates/tmp.i": paragraph("d", "install ok installed"),
        ])
        let section = try items(machine)
        #expect(section.items.map(\.key) == ["deb:a:amd64", "deb:c:amd64"])
        #expect(section.items.first?.attributes["state"] == "installed")
    }

    @Test("hostile lists are read or marked incomplete, never a trap")
    func hostile() throws {
        let long = [UInt8](repeating: 0x61, count: 1 << 20)
        let contents: [([UInt8], Int, Bool)] = [
            ([], 0, true),
            (Array("\n\n\n".utf8), 0, true),
            (Array("Status: install ok installed\n\n".utf8), 0, false),
            (Array("Package: ".utf8) + long + Array("\nStatus: install ok installed\n".utf8), 0, false),
            (Array("package: x\r\nSTATUS: install ok installed\r\n\r\n".utf8), 1, true),
            (
                Array("Package: x\nStatus: install ok installed\nInstalled-Size: 99999999999999999999999\n".utf8), 1,
                true
            ),
            (Array("Package: x\nStatus: install ok installed\nInstalled-Size: 18446744073709551615\n".utf8), 1, true),
            (Array("Package: x\nStatus: install ok installed\nVersion:".utf8), 1, true),
            (Array("Package: x\nStatus: install ok ".utf8) + [0xff, 0, 0xfe, 10], 1, true),
            ([0, 0, 0, 10] + long, 0, false),
            (Array(":\n::\n:::\n".utf8), 0, false),
        ]
        for (content, count, isComplete) in contents {
            let section = try items(RecordedMachine([DpkgStatus.path: content]))
            #expect(section.items.count == count)
            #expect(section.isComplete == isComplete)
        }
    }

    @Test("thousands of packages are read")
    func thousands() throws {
        let text = (0..<5000).map { paragraph("p\($0)", "install ok installed") }.joined()
        #expect(try items(RecordedMachine(text: [DpkgStatus.path: text])).items.count == 5000)
    }

    @Test("a machine without any package manager has no data")
    func absent() throws {
        guard case .noData(let reason) = try RecordedMachine().read(PackagesSource()) else {
            Issue.record("something was found")
            return
        }
        #expect(reason.contains("deb, rpm, apk"))
    }

    @Test("a manager whose files cannot be read costs its own packages only, and is named")
    func oneBroken() throws {
        let machine = RecordedMachine(text: [
            DpkgStatus.path: paragraph("a", "install ok installed"), "/var/lib/rpm/rpmdb.sqlite": "no database",
        ])
        guard case .partial(let sections, let trouble) = try machine.read(PackagesSource()) else {
            Issue.record("not partial")
            return
        }
        #expect(sections.first?.items.map(\.key) == ["deb:a:amd64"])
        #expect(sections.first?.isComplete == false)
        #expect(trouble == "rpm: /var/lib/rpm/rpmdb.sqlite is no SQLite database")
    }

    @Test(
        "on this machine there are as many as dpkg-query -W lists",
        .enabled(if: access("/usr/bin/dpkg-query", X_OK) == 0, "dpkg-query is not installed"))
    func live() throws {
        let sections: [InventorySection]
        switch try PackagesSource().read(InventoryContext()) {
        case .success(let found), .partial(let found, _): sections = found
        case .noData: sections = []
        }
        let pipe = try #require(popen("/usr/bin/dpkg-query -W", "r"))
        defer { pclose(pipe) }
        var lines = 0
        while true {
            let byte = getc(pipe)
            if byte == EOF { break }
            if byte == 10 { lines += 1 }
        }
        #expect(lines > 0)
        #expect(sections.first?.items.count { $0.key.hasPrefix("deb:") } == lines)
    }
}
