import LinuxSystem
import Model
import Testing

@testable import Inventory

@Suite("NeighboursSource") struct NeighboursSourceTests {
    @Test("lldpd's json0 gives one item for each neighbour")
    func neighbours() throws {
        let text = """
            {"lldp": [{"interface": [
              {"name": "eth0", "via": "LLDP", "rid": "1", "age": "0 day, 00:01:02",
               "chassis": [{"id": [{"type": "mac", "value": "00:25:90:00:00:09"}], "name": [{"value": "core-1"}],
                            "descr": [{"value": "A switch"}], "mgmt-ip": [{"value": "192.0.2.9"}, {"value": "fe80::1"}],
                            "capability": [{"type": "Bridge", "enabled": true}]}],
               "port": [{"id": [{"type": "ifname", "value": "Gi1/0/1"}], "descr": [{"value": "to web1"}],
                         "ttl": [{"value": "120"}]}]},
              {"name": "eth1", "chassis": [{}], "port": [{}]}, {}
            ]}]}
            """
        #expect(
            try NeighboursSource.items(Array(text.utf8)) == [
                SectionItem(
                    key: "eth0|00:25:90:00:00:09|Gi1/0/1",
                    attributes: [
                        "local_port": "eth0", "chassis_id": "00:25:90:00:00:09", "chassis_id_type": "mac",
                        "chassis_name": "core-1", "chassis_description": "A switch", "port_id": "Gi1/0/1",
                        "port_id_type": "ifname", "port_description": "to web1",
                        "management_addresses": .list(["192.0.2.9", "fe80::1"]),
                    ])
            ])
    }

    @Test("no neighbour is an empty list", arguments: ["{\"lldp\": [{}]}", "{}", "{\"lldp\": []}"])
    func none(text: String) throws {
        #expect(try NeighboursSource.items(Array(text.utf8)).isEmpty)
    }

    @Test(
        "what is not json0 is a failure",
        arguments: [
            "", "[", "null", "{\"lldp\": 1}", "{\"lldp\": [{\"interface\": {\"name\": 1}}]}", "\u{0}\u{1b}",
        ])
    func broken(text: String) {
        #expect(throws: InventoryError.self) { try NeighboursSource.items(Array(text.utf8)) }
    }

    @Test("a recorded machine has no neighbours to ask")
    func recorded() throws {
        let outcome = try NeighboursSource().read(InventoryContext(root: RecordedMachine().root))
        #expect(outcome == .noData("a recorded machine has no lldpd to ask"))
    }
}
