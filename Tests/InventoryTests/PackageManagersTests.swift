import Glibc
import Inventory
import LinuxSystem
import Model
import Testing

@Suite("Package managers")
struct PackageManagersTests {
    private func items(_ machine: RecordedMachine) throws -> [String: SectionItem] {
        switch try machine.read(PackagesSource()) {
        case .success(let sections), .partial(let sections, _):
            return Dictionary((sections.first?.items ?? []).map { ($0.key, $0) }) { left, _ in left }
        case .noData: return [:]
        }
    }

    private func osRelease(_ id: String, _ version: String) -> String { "ID=\(id)\nVERSION_ID=\"\(version)\"\n" }

    @Test("apk: every stanza with its origin, size and purl")
    func apk() throws {
        let text = """
            C:Q1abc=
            P:curl
            V:7.83.0-r0
            A:x86_64
            S:100
            I:245760
            m:A Person <a@example.org>
            o:curl-src
            L:MIT
            F:usr/bin
            R:curl

            P:musl
            V:1.2.3-r4
            A:x86_64


            """
        let machine = RecordedMachine(text: [
            "/etc/os-release": osRelease("alpine", "3.18.2"), "/lib/apk/db/installed": text,
        ])
        let found = try items(machine)
        #expect(found.count == 2)
        #expect(
            found["apk:curl:x86_64"]?.attributes == [
                "name": "curl", "version": "7.83.0-r0", "architecture": "x86_64", "size_bytes": 245_760,
                "vendor": "A Person <a@example.org>", "source": "curl-src", "license": "MIT",
                "purl": "pkg:apk/alpine/curl@7.83.0-r0?arch=x86_64&distro=alpine-3.18.2",
            ])
    }

    @Test("pacman: the description of each package")
    func pacman() throws {
        let text =
            "%NAME%\npacman\n\n%VERSION%\n6.0.1-1\n\n%ARCH%\nx86_64\n\n%SIZE%\n4096\n\n%INSTALLDATE%\n1700000000\n\n"
        let machine = RecordedMachine(text: [
            "/etc/os-release": "ID=arch\n", "/var/lib/pacman/local/pacman-6.0.1-1/desc": text,
            "/var/lib/pacman/local/ALPM_DB_VERSION": "9\n",
        ])
        #expect(
            try items(machine)["pacman:pacman:x86_64"]?.attributes == [
                "name": "pacman", "version": "6.0.1-1", "architecture": "x86_64", "size_bytes": 4096,
                "install_date": "2023-11-14T22:13:20.000Z", "purl": "pkg:alpm/arch/pacman@6.0.1-1?arch=x86_64",
            ])
    }

    @Test("Python, npm and gems are found where the system keeps them")
    func languages() throws {
        let machine = RecordedMachine(text: [
            "/usr/lib/python3/dist-packages/Some_Thing-1.0.dist-info/METADATA":
                "Metadata-Version: 2.1\nName: Some_Thing\nVersion: 1.0+local\nLicense: MIT\n\nName: not this\n",
            "/usr/lib/python3/dist-packages/old-2.egg-info": "Name: old\nVersion: 2\n",
            "/usr/lib/node_modules/@angular/animation/package.json":
                #"{"name": "@angular/animation", "version": "12.3.1"}"#,
            "/usr/lib/node_modules/npm/package.json": #"{"name": "npm", "version": "9.2.0", "bin": {"x": "y"}}"#,
            "/var/lib/gems/3.1.0/specifications/rack-2.2.4.gemspec":
                "Gem::Specification.new do |s|\n  s.name = \"rack\".freeze\n  s.version = \"2.2.4\"\nend\n",
        ])
        let purls = try items(machine).values.compactMap { $0.attributes["purl"]?.text }.sorted()
        #expect(
            purls == [
                "pkg:gem/rack@2.2.4", "pkg:npm/%40angular/animation@12.3.1", "pkg:npm/npm@9.2.0", "pkg:pypi/old@2",
                "pkg:pypi/some-thing@1.0%2Blocal",
            ])
    }

    @Test("snaps and Flatpaks: the ones in use")
    func bundles() throws {
        let machine = RecordedMachine(text: [
            "/snap/core20/1234/meta/snap.yaml": "name: core20\nversion: '20230613'\nsummary: x\n",
            "/var/lib/flatpak/app/org.x.App/x86_64/stable/active/files/share/metainfo/org.x.App.metainfo.xml":
                "<component>\n <releases>\n  <release version=\"4.2\" date=\"2024-01-01\"/>\n",
        ])
        machine.link("/snap/core20/current", to: "1234")
        let found = try items(machine)
        #expect(found["snap:core20:"]?.attributes["version"] == "20230613")
        #expect(found["snap:core20:"]?.attributes["state"] == "revision 1234")
        #expect(found["flatpak:org.x.App:app/org.x.App/x86_64/stable"]?.attributes["version"] == "4.2")
    }

    // A stored and a deflated archive, made by zip(1) of a manifest and of Maven's properties.
    @Test(
        "Java archives by their manifest and by Maven's properties",
        .enabled(if: access("/usr/bin/python3", X_OK) == 0, "python3 is not installed"))
    func java() throws {
        let machine = RecordedMachine()
        machine.directory("/usr/share/java")
        let script = """
            import zipfile, sys
            for name, kind, files in (
                ('a.jar', zipfile.ZIP_DEFLATED, {'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\\r\\nImplementation-Title: lib\\r\\n a\\r\\nImplementation-Version: 1.5\\r\\n'}),
                ('b.jar', zipfile.ZIP_STORED, {'x.class': 'x', 'META-INF/maven/g/a/pom.properties': '#x\\nversion=2.1\\ngroupId=org.g\\nartifactId=art\\n'})):
                with zipfile.ZipFile(sys.argv[1] + '/' + name, 'w', kind) as z:
                    for path, text in files.items(): z.writestr(path, text)
            """
        machine.write("/make.py", Array(script.utf8))
        try #require(system("/usr/bin/python3 \(machine.path)/make.py \(machine.path)/usr/share/java") == 0)
        machine.link("/usr/share/java/link.jar", to: "a.jar")
        machine.write("/usr/share/java/broken.jar", Array("PK".utf8))
        let found = try items(machine)
        #expect(found["jar:liba:/usr/share/java/a.jar"]?.attributes["purl"] == "pkg:generic/liba@1.5")
        #expect(found["jar:art:/usr/share/java/b.jar"]?.attributes["purl"] == "pkg:maven/org.g/art@2.1")
        #expect(found.count == 2)
    }
}
