import CollectorServices
import Foundation
import LinuxSystem
import Model
import SQLiteStores
import Stores
import Testing

@Suite("Inventories of GLPI agents in the CMDB")
struct GLPIServiceTests {
    private let site = GLPISites.testSite("berlin")

    private func service(_ fleet: Fleet) -> GLPIService {
        GLPIService(ingest: fleet.ingest, store: fleet.store, now: SQLiteStore.wallTime)
    }

    private func send(_ fleet: Fleet, _ text: String, from site: GLPISite? = nil) async throws {
        _ = try await service(fleet).answer(Array(text.utf8), from: site ?? self.site, speaksJSON: true)
    }

    private func agent(_ deviceID: String = "pc-7-2026-01-02-03-04-05", site: String = "berlin") -> String {
        GLPIService.agentID(site: site, deviceID: deviceID)
    }

    private func host(_ fleet: Fleet, _ agent: String? = nil) async throws -> CIRecord? {
        try await fleet.store.object(sourceKind: "glpi", sourceName: agent ?? self.agent(), scope: "host", key: "")?.ci
    }

    private func packages(_ fleet: Fleet, _ ci: CIID) async throws -> [String] {
        try await fleet.store.items(of: ci, section: .packages, containing: nil, asOf: nil, after: nil, limit: 100)
            .map(\.item.key)
    }

    private func document(
        _ parts: String, serial: String = "PC7SERIAL", name: String = "pc-7", id: String = "pc-7-2026-01-02-03-04-05",
        partial: Bool = false
    ) -> String {
        """
        {"action": "inventory", "deviceid": "\(id)", "partial": \(partial), "content": {"versionclient": "GLPI-Agent_v1.7",
        "hardware": {"name": "\(name)", "memory": 4096}, "bios": {"smanufacturer": "Maker Inc.", "ssn": "\(serial)"}\(parts)}}
        """
    }

    private let software = """
        , "softwares": [{"name": "a", "version": "1", "from": "deb", "arch": "amd64"}, {"name": "b", "version": "1", "from": "deb", "arch": "amd64"}],
        "networks": [{"description": "eth0", "mac": "00:00:5e:00:53:07", "ipaddress": "192.0.2.7"}, {"description": "eth1"}]
        """

    @Test("A PC becomes a host with interfaces and packages, and each fact says that its GLPI agent told it")
    func arrives() async throws {
        let fleet = try Fleet()
        try await send(fleet, document(software))
        let ci = try #require(try await host(fleet))
        #expect(ci.name == "pc-7" && ci.className == .host && ci.state == .active)
        #expect(try await packages(fleet, ci.id) == ["dpkg:a:amd64", "dpkg:b:amd64"])
        #expect(try await fleet.child("eth0", of: ci.id) != nil)
        let facts = try await fleet.store.attributes(of: ci.id, asOf: nil)
        #expect(facts.first { $0.name == "system.serial" }?.source == "glpi:" + agent())
        let record = try #require(try await fleet.store.agent(agent()))
        #expect(record.ci == ci.id && record.hostname == "pc-7" && record.version == "GLPI-Agent_v1.7")
        #expect(record.heardAt != nil && record.heartbeatSeconds == 10 * 86_400)
        let receipts = try await fleet.store.receipts(of: agent())
        #expect(receipts.first { $0.source == "inventory/packages" }?.found == 2)
        #expect(receipts.contains { $0.source == "inventory/document" })
        let entry = try await fleet.store.auditEntries(before: nil, limit: 10).first { $0.action == "agent.enrol" }
        #expect(entry?.who == "glpi-site:berlin" && entry?.target == agent())
    }

    @Test("What is sent again changes nothing")
    func again() async throws {
        let fleet = try Fleet()
        try await send(fleet, document(software))
        let ci = try #require(try await host(fleet))
        let before = try await fleet.store.history(of: ci.id, before: nil, asOf: nil, limit: 100).count
        try await send(fleet, document(software))
        #expect(try await fleet.store.history(of: ci.id, before: nil, asOf: nil, limit: 100).count == before)
        #expect(try await fleet.all(.host).count == 1)
        #expect(try await fleet.all(.interface).count == 2)
    }

    @Test("A change of a package is told with before and after; one that is gone in a whole report is gone")
    func changes() async throws {
        let fleet = try Fleet()
        try await send(fleet, document(software))
        let ci = try #require(try await host(fleet))
        try await send(
            fleet, document(#", "softwares": [{"name": "a", "version": "2", "from": "deb", "arch": "amd64"}]"#))
        #expect(try await packages(fleet, ci.id) == ["dpkg:a:amd64"])
        let history = try await fleet.store.history(of: ci.id, before: nil, asOf: nil, limit: 100)
        let told = history.compactMap { entry -> [ItemChange]? in
            if case .itemsChanged(_, .packages, let changes, _, _, false) = entry.event { changes } else { nil }
        }.flatMap { $0 }
        #expect(told.first { $0.key == "dpkg:a:amd64" }?.before?["version"] == "1")
        #expect(told.first { $0.key == "dpkg:a:amd64" }?.after?["version"] == "2")
        #expect(told.contains { $0.key == "dpkg:b:amd64" && $0.after == nil })
    }

    @Test("A partial report changes what it has and makes nothing vanish")
    func partial() async throws {
        let fleet = try Fleet()
        try await send(fleet, document(software))
        let ci = try #require(try await host(fleet))
        try await send(
            fleet,
            document(
                """
                , "softwares": [{"name": "a", "version": "2", "from": "deb", "arch": "amd64"}],
                "networks": [{"description": "eth0", "mac": "00:00:5e:00:53:07"}]
                """, partial: true))
        #expect(try await packages(fleet, ci.id) == ["dpkg:a:amd64", "dpkg:b:amd64"])
        #expect(try await fleet.child("eth1", of: ci.id)?.state == .active)
        try await send(
            fleet, document(#", "networks": [{"description": "eth0", "mac": "00:00:5e:00:53:07"}]"#))
        #expect(try await packages(fleet, ci.id).count == 2, "a part that is not in the report is not spoken of")
        #expect(try await fleet.child("eth1", of: ci.id)?.state == .vanished)
    }

    @Test(
        "The same machine under our agent and one of GLPI is one host, and our agent's word counts",
        arguments: [true, false])
    func withOurAgent(oursFirst: Bool) async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        let ours = section(.system, system("pc-seven", ["serial": "PC7SERIAL", "vendor": "Maker", "kind": "physical"]))
        if oursFirst { try await fleet.send("a", ours) }
        try await send(fleet, document(software))
        if !oursFirst { try await fleet.send("a", ours) }
        let ci = try #require(try await fleet.host("a"))
        #expect(try await host(fleet)?.id == ci.id)
        #expect(try await fleet.all(.host).count == 1)
        #expect(try await fleet.store.ci(ci.id, asOf: nil)?.name == "pc-seven")
        let hostname = try await fleet.store.attributes(of: ci.id, asOf: nil).first { $0.name == "system.hostname" }
        #expect(hostname?.value == "pc-seven" && hostname?.source == "agent:a")
        #expect(hostname?.others == ["glpi:" + agent(): "pc-7"])
    }

    @Test("Two GLPI agents with one serial number are two hosts, and the conflict is told")
    func cloned() async throws {
        let fleet = try Fleet()
        try await send(fleet, document(software))
        try await send(fleet, document("", name: "pc-8", id: "pc-8-2026-02-02-02-02-02"))
        let other = try await host(fleet, agent("pc-8-2026-02-02-02-02-02"))
        #expect(other != nil)
        #expect(try await host(fleet)?.id != other?.id)
        #expect(try await fleet.store.auditEntries(before: nil, limit: 50).contains { $0.action == "identity-held" })
    }

    @Test("One name in two sites is two agents")
    func sites() async throws {
        let fleet = try Fleet()
        try await send(fleet, document(software))
        try await send(fleet, document("", serial: "OTHER1"), from: GLPISites.testSite("hamburg"))
        #expect(try await host(fleet)?.id != host(fleet, agent(site: "hamburg"))?.id)
        #expect(try await fleet.all(.host).count == 2)
    }

    @Test("A device that our probe and GLPI's both see is one, and our probe's word counts")
    func device() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        try await fleet.send(
            "a",
            section(
                .system, [item("", ["name": "sw-1", "serial": "SW1", "vendor": "Maker", "location": "room 1"])],
                of: .device(target: "core"), address: "192.0.2.9"))
        try await send(
            fleet,
            """
            {"action": "netinventory", "deviceid": "probe-1", "itemtype": "NetworkEquipment", "content": {
            "network_device": {"type": "Networking", "name": "switch", "manufacturer": "Maker", "serial": "SW1",
            "location": "room 2", "contact": "noc", "ips": ["192.0.2.9"]},
            "network_ports": [{"ifnumber": 1, "ifname": "Gi0/1", "iftype": 6}]}}
            """)
        let ci = try #require(try await fleet.device("a", "core"))
        let glpi = try await fleet.store.object(
            sourceKind: "glpi-snmp", sourceName: agent("probe-1"), scope: "device:SW1", key: "")?.ci
        #expect(glpi?.id == ci.id)
        #expect(try await fleet.child("Gi0/1", of: ci.id) != nil)
        let facts = try await fleet.store.attributes(of: ci.id, asOf: nil)
        #expect(facts.first { $0.name == "system.location" }?.value == "room 1")
        #expect(facts.first { $0.name == "system.contact" }?.source == "glpi-snmp:" + agent("probe-1"))
    }

    @Test("A message that is refused and one of an agent that is revoked change nothing")
    func refused() async throws {
        let fleet = try Fleet()
        for text in ["{", "{\"deviceid\": \"x\"}", String(document(software).dropLast(3))] {
            await #expect(throws: ServiceRefusal.self) { try await send(fleet, text) }
        }
        #expect(try await fleet.all(.host).isEmpty)
        #expect(try await fleet.store.agents(after: nil, limit: 10).isEmpty)
        try await send(fleet, document(""))
        var set = ChangeSet()
        set.agents = [.revoke(agent: agent(), reason: "stolen", by: "test")]
        _ = try await fleet.store.commit(set)
        let error = await #expect(throws: ServiceRefusal.self) { try await send(fleet, document(software)) }
        guard case .forbidden("agent-revoked", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let ci = try #require(try await host(fleet))
        #expect(try await packages(fleet, ci.id).isEmpty)
    }

    @Test("Contact and prolog store nothing of an agent that is not known, and are answered in its own form")
    func first() async throws {
        let fleet = try Fleet()
        let contact = Array(#"{"action": "contact", "deviceid": "pc-1"}"#.utf8)
        #expect(try await service(fleet).answer(contact, from: site, speaksJSON: true).mediaType == "application/json")
        let prolog = Array("<REQUEST><DEVICEID>pc-1</DEVICEID><QUERY>PROLOG</QUERY></REQUEST>".utf8)
        #expect(try await service(fleet).answer(prolog, from: site, speaksJSON: false).mediaType == "application/xml")
        #expect(try await service(fleet).answer(prolog, from: site, speaksJSON: true).mediaType == "application/json")
        #expect(try await fleet.store.agents(after: nil, limit: 10).isEmpty)
    }

    @Test("Several requests of one new agent at once leave one host")
    func race() async throws {
        let fleet = try Fleet()
        let text = document(software)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { try await send(fleet, text) } }
            try await group.waitForAll()
        }
        #expect(try await fleet.all(.host).count == 1)
        #expect(try await fleet.all(.interface).count == 2)
    }
}

extension GLPISites {
    /// A site whose secret nobody reads here.
    static func testSite(_ name: String) -> GLPISite {
        guard let place = try? SecretPlace("/nonexistent/\(name)") else { fatalError("an absolute path is a place") }
        return GLPISite(name: name, secretFile: place, silentSeconds: 30 * 86_400)
    }
}
