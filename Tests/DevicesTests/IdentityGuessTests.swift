import Model
import SNMP
import Testing

@testable import Devices

/// What a description must be taken for; nil where nothing may be told.
private struct Described: CustomTestStringConvertible {
    var text: String
    var vendor: String?
    var model: String?
    var version: String?
    var serial: String?

    var testDescription: String { text }

    init(
        _ text: String, by vendor: String? = "Acme", model: String? = nil, version: String? = nil, serial: String? = nil
    ) {
        (self.text, self.vendor, self.model, self.version, self.serial) = (text, vendor, model, version, serial)
    }

    static let all = [
        Described(
            "Acme Networks, Inc. gx4800-48p Ethernet Switch, kernel ACOS 12.1X46, Build date: 2015-05-15",
            model: "gx4800-48p", version: "12.1X46"),
        Described("Acme GX-48 Gigabit Ethernet Switch, Version 4.2.1", model: "GX-48", version: "4.2.1"),
        Described(
            "Cable modem <<HW_REV: 2; VENDOR: Acme; BOOTR: 2.4.0; SW_REV: 9.1.103; MODEL: CM3000>>", model: "CM3000",
            version: "9.1.103"),
        Described(
            "Product: MG 1000;SW Version: 7.20A.258;S/N: 4589012", model: "MG 1000", version: "7.20A.258",
            serial: "4589012"),
        Described(
            "GX-24T Device, Compiled on Sep 10 2015 SoftWare Version 7.0.3.5(R0102.0105) BootRom Version 7.1.37 HardWare Version "
                + "1.0.1 Device serial number SW068010I424",
            model: "GX-24T", version: "7.0.3.5(R0102.0105)", serial: "SW068010I424"),
        Described("GX-24, Hardware Version 2.0, Firmware 3.1b7", model: "GX-24", version: "3.1b7"),
        Described("GX-24 HW: Version 4, FW: Version V05.02.03", model: "GX-24", version: "05.02.03"),
        Described("GX5720 Software Version V200R005C10SPC300", model: "GX5720", version: "V200R005C10SPC300"),
        Described("Acme PDU, MD:PX3-5493U HW:0x10 FW:4.2.0.5-50274", model: "PX3-5493U", version: "4.2.0.5-50274"),
        Described("MX-10 Rev.14.01.34 (Tue Jun 18 16:10:17 2019)", model: "MX-10", version: "14.01.34"),
        Described("ACMELITE SU3000", by: "Acme Lite", model: "SU3000"),
        Described("Acme Wireless R850", by: "Acme", model: "R850"),
        Described(
            "Unified Application Service Gateway TH1030S, ACOS version 4.1.0-P1", model: "TH1030S", version: "4.1.0-P1"),
        Described("AX7000 [v1.502.0029]", model: "AX7000", version: "1.502.0029"),
        Described("Acme GX9 Gateway, Linux 5.17.0-ac0 armv7l", model: "GX9"),
        Described("AcmeOS GX317-1G-16S+", model: "GX317-1G-16S+"),
        Described(
            "Box-11.2-U7 (b088e78e8d). Hardware: amd64 Chip(R) E5 v2 @ 2.10GHz running at 2100. Software: FreeBSD 11.2"),
        Described("24-port 10/100/1000 Gigabit Switch"),
        Described("Acme router/switch, AW+ v5.4.7-2.1", version: "5.4.7-2.1"),
        Described("Web/SNMP Management Card (MD:09/20/2016) Serial: none, Firmware: 2019-04-05"),
        Described("Linux gx48 4.14.137 #1 SMP x86_64"),
        Described("", by: nil), Described(" ,;: ( [ . Version S/N Model:", by: nil),
    ]
}

@Suite("A device that nobody described")
struct IdentityGuessTests {
    @Test("is told by the words of its description, or not at all", arguments: Described.all)
    fileprivate func described(_ described: Described) {
        var report = DeviceReport()
        report.description = described.text
        report.vendor = described.vendor
        let guess = IdentityGuess(report, chassis: nil, isHost: false)
        #expect(guess.model == described.model)
        #expect(guess.version == described.version)
        #expect(guess.serial == described.serial)
    }

    @Test("is not called by the name it was given, and only a host's kernel is its version")
    func namesAndHosts() {
        var report = DeviceReport()
        report.name = "fw-7"
        report.description = "fw-7 GX9 4.1.2"
        #expect(IdentityGuess(report, chassis: nil, isHost: false).model == "GX9")
        report.description = "Linux gx48 4.14.137 #1 SMP x86_64"
        #expect(IdentityGuess(report, chassis: nil, isHost: true).version == "4.14.137")
    }

    @Test("is told by its chassis where the description says nothing")
    func chassis() {
        var report = DeviceReport()
        report.vendor = "Acme"
        let chassis = DeviceEntity(
            index: 1, containedIn: 0, entityClass: "chassis", description: "ACME GX5720 Routing Switch",
            firmwareRevision: "1.0.13")
        let guess = IdentityGuess(report, chassis: chassis, isHost: false)
        #expect(guess.model == "GX5720")
        #expect(guess.version == "1.0.13")
    }

    @Test("is not taken for one of its parts, nor for a text that says that there is none")
    func parts() {
        let chassis = DeviceEntity(index: 1, containedIn: 0, entityClass: "chassis", model: "N/A", serial: "None")
        let part = DeviceEntity(
            index: 2, containedIn: 1, entityClass: "unknown", model: "0x0002", serial: "1e1c0000.xhci")
        let module = DeviceEntity(index: 3, containedIn: 1, entityClass: "module", model: "GX-CPU", serial: "A1")
        #expect(EntityReader.model([chassis, part]) == nil)
        #expect(EntityReader.serial([chassis, part]) == nil)
        #expect(EntityReader.model([chassis, part, module]) == "GX-CPU")
        let only = DeviceEntity(index: 2, containedIn: nil, entityClass: "unknown", serial: "A2")
        #expect(EntityReader.serial([only]) == "A2")
    }

    @Test("is told by MIBs that many makers share")
    func sharedMIBs() async throws {
        let switched = try await report(
            """
            1.3.6.1.4.1.89.53.14.1.2.1|4|4.0.9.5
            1.3.6.1.4.1.89.53.14.1.5.1|4|ES2A000123
            1.3.6.1.4.1.89.53.14.1.11.1|4|GX2324
            """)
        #expect(
            [switched.vendor, switched.model, switched.version, switched.serial] == [
                "Example", "GX2324", "4.0.9.5", "ES2A000123",
            ])
        let printer = try await report(
            """
            1.3.6.1.2.1.25.3.2.1.3.1|4|Example LP 4500
            1.3.6.1.2.1.43.5.1.1.17.1|4|LP00012345
            1.3.6.1.2.1.43.11.1.1.6.1.1|4|Black
            1.3.6.1.2.1.43.11.1.1.8.1.1|2|100
            1.3.6.1.2.1.43.11.1.1.9.1.1|2|40
            """)
        #expect([printer.kind, printer.model, printer.serial] == ["printer", "LP 4500", "LP00012345"])
    }

    @Test(
        "is for what its description calls it, before what the number of its interfaces suggests",
        arguments: [
            ("Acme 400 series firewall", "firewall"), ("Acme R850 Wireless", "wireless"),
            ("Acme groups server", "network"),
            ("Acme UPS 3000", "power"), ("Hardware: x86 - Software: Windows 6.3", "server"),
            ("Linux acme 5.10", "network"),
        ])
    func kind(_ text: String, _ kind: String) {
        var report = DeviceReport()
        report.description = text
        report.interfaces = (1...8).map { DeviceInterface(index: $0) }
        #expect(KindGuess.kind(report) == kind)
    }

    @Test("is of the maker its description begins with where its number is nobody's")
    func vendor() async throws {
        let named = try await report("1.3.6.1.2.1.1.1.0|4|NETGEAR GS724T\n", objectID: "1.3.6.1.4.1.4294967295.1")
        #expect(named.vendor == "Netgear")
        #expect(named.model == "GS724T")
        let nobody = try await report("1.3.6.1.2.1.1.1.0|4|GS724T\n", objectID: "1.3.6.1.4.1.4294967295.1")
        #expect(nobody.vendor == nil)
    }

    private func report(_ rows: String, objectID: String = "1.3.6.1.4.1.32473.7") async throws -> DeviceReport {
        let head = "1.3.6.1.2.1.1.2.0|6|\(objectID)\n1.3.6.1.2.1.1.5.0|4|site-7\n"
        let walk = RecordedWalk(Array((head + rows).utf8))
        return await DeviceProbe(profiles: try DeviceProfiles(directory: profileDirectory)).run(RecordedSession(walk))
    }
}
