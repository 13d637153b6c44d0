import Glibc
import Inventory
import LinuxSystem
import Model
import Testing

@Suite("Guests, printers and certificates")
struct GuestsAndCertificatesTests {
    private func items(_ machine: RecordedMachine, _ source: some InventorySource) throws -> [SectionItem] {
        guard case .success(let sections) = try machine.read(source) else { return [] }
        return sections.first?.items ?? []
    }

    @Test("a guest of libvirt with its UUID in both byte orders; containers with their image")
    func guests() throws {
        let machine = RecordedMachine(text: [
            "/etc/libvirt/qemu/web.xml": """
            <!-- made by virsh -->
            <domain type='kvm'>
              <name>web</name>
              <uuid>161674cc-2a1e-11b2-a85c-e121881d01b9</uuid>
              <memory unit='KiB'>1048576</memory>
              <vcpu placement='static'>2</vcpu>
            </domain>
            """,
            "/etc/libvirt/qemu/networks/default.xml": "<network><name>default</name></network>",
            "/var/lib/docker/containers/abc/config.v2.json":
                #"{"ID": "abc", "Name": "/shop", "Config": {"Image": "nginx:1.25", "Env": ["PASSWORD=hidden"]}, "State": {"Running": true}}"#,
            "/var/lib/containers/storage/overlay-containers/containers.json":
                #"[{"id": "d1", "names": ["db"], "metadata": "{\"image-name\": \"docker.io/library/postgres:16\"}"}]"#,
            "/var/lib/lxc/old/config": "lxc.uts.name = old\n",
        ])
        let found = try items(machine, GuestsSource())
        #expect(
            found.map(\.key) == ["docker:shop", "libvirt:161674cc-2a1e-11b2-a85c-e121881d01b9", "lxc:old", "podman:db"])
        #expect(found[0].attributes["image"] == "nginx:1.25")
        #expect(found[0].attributes["state"] == "running")
        #expect(found[1].attributes["uuid_swapped"] == "cc741616-1e2a-b211-a85c-e121881d01b9")
        #expect(found[1].attributes["memory_bytes"] == 1_073_741_824)
        #expect(found[1].attributes["threads"] == 2)
        #expect(found[3].attributes["image"] == "docker.io/library/postgres:16")
        #expect(!"\(found)".contains("hidden"))
    }

    @Test("printers of CUPS, their address without a password")
    func printers() throws {
        let text = """
            # Printer configuration file
            <DefaultPrinter office>
            UUID urn:uuid:1234
            Info Office printer
            MakeModel HP LaserJet
            DeviceURI ipp://ann:hidden@192.0.2.7/ipp/print
            Shared Yes
            </DefaultPrinter>
            <Printer
            </Printer>

            """
        #expect(
            try items(RecordedMachine(text: ["/etc/cups/printers.conf": text]), PrintersSource()) == [
                SectionItem(
                    key: "office",
                    attributes: [
                        "is_default": true, "uuid": "1234", "description": "Office printer", "model": "HP LaserJet",
                        "address": "ipp://192.0.2.7/ipp/print", "is_shared": true,
                    ])
            ])
    }

    @Test(
        "a server's certificate: whose, from whom, for which names, until when",
        .enabled(if: access("/usr/bin/openssl", X_OK) == 0, "openssl is not installed"))
    func certificate() throws {
        let machine = RecordedMachine()
        machine.directory("/etc/ssl/certs")
        let made = system(
            "/usr/bin/openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -set_serial 0x1234 "
                + "-subj '/O=Exämple/CN=web.example.org' -addext 'subjectAltName=DNS:web.example.org,IP:192.0.2.7' -utf8 "
                + "-keyout '\(machine.path)/key' -out '\(machine.path)/etc/ssl/certs/web.pem' 2>/dev/null")
        try #require(made == 0)
        machine.write("/etc/ssl/certs/broken.pem", Array("-----BEGIN CERTIFICATE-----\nAAAA\n".utf8))
        machine.link("/etc/ssl/certs/authority.pem", to: "web.pem")
        let found = try items(machine, CertificatesSource())
        #expect(found.map(\.key) == ["/etc/ssl/certs/web.pem"])
        let facts = try #require(found.first).attributes
        #expect(facts["subject"] == "CN=web.example.org,O=Exämple")
        #expect(facts["issuer"] == "CN=web.example.org,O=Exämple")
        #expect(facts["serial"] == "1234")
        #expect(facts["names"] == .list(["192.0.2.7", "web.example.org"]))
        #expect(facts["not_after"]?.text.flatMap { Timestamp(rfc3339: $0) } != nil)
        #expect(facts["sha256"]?.text?.utf8.count == 64)
    }
}
