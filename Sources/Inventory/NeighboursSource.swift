import FoundationEssentials
import LinuxSystem
import Model

/// What stands at the other end of this host's cables, as a running lldpd has heard it (IEEE 802.1AB).
public struct NeighboursSource: InventorySource {
    /// `neighbours`
    public static let name = "neighbours"

    /// A source.
    public init() {}

    /// Asks lldpd through its own client.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        guard context.root.isLive else { return .noData("a recorded machine has no lldpd to ask") }
        guard context.root.exists(LLDPClient.program) else { return .noData("no \(LLDPClient.program)") }
        let client = LLDPClient(socket: context.lldpdSocket)
        guard context.root.exists(client.path) else { return .noData("lldpd does not run (no \(client.path))") }
        let output: [UInt8]
        if let helper = context.helper, context.lldpdSocket == nil, !client.isOpen {
            output = try NeighboursSource.ask(helper)
        } else {
            output = try client.neighbours()
        }
        return .success([InventorySection(name: .neighbours, items: try NeighboursSource.items(output))])
    }

    private static func ask(_ helper: HelperClient) throws(InventoryError) -> [UInt8] {
        do throws(HelperError) { return try helper.ask(.neighbours) } catch {
            throw InventoryError("lldpd answers its own group and root: \(error)")
        }
    }

    /// The neighbours in the output of `lldpcli -f json0 show neighbors`.
    static func items(_ output: [UInt8]) throws -> [SectionItem] {
        let report: Report
        do { report = try JSONDecoder().decode(Report.self, from: Data(output)) } catch {
            throw InventoryError("lldpcli answered something that is not its json0 format")
        }
        return (report.lldp ?? []).flatMap { $0.interface ?? [] }.prefix(10_000).compactMap(item)
    }

    private static func item(_ neighbour: Neighbour) -> SectionItem? {
        guard let local = neighbour.name, let chassis = neighbour.chassis?.first, let port = neighbour.port?.first,
            let chassisID = chassis.id?.first?.value, let portID = port.id?.first?.value
        else { return nil }
        var facts = Attributes()
        facts.text("local_port", local)
        facts.text("chassis_id", chassisID)
        facts.text("chassis_id_type", chassis.id?.first?.type)
        facts.text("chassis_name", chassis.name?.first?.value)
        facts.text("chassis_description", chassis.descr?.first?.value)
        facts.text("port_id", portID)
        facts.text("port_id_type", port.id?.first?.type)
        facts.text("port_description", port.descr?.first?.value)
        facts.list("management_addresses", chassis.addresses?.compactMap(\.value) ?? [])
        return facts.item("\(local)|\(chassisID)|\(portID)")
    }
}

// The shape of json0: every element is a list, also where there is one.
private struct Report: Decodable {
    var lldp: [Interfaces]?
}

private struct Interfaces: Decodable {
    var interface: [Neighbour]?
}

private struct Neighbour: Decodable {
    var name: String?
    var chassis: [Chassis]?
    var port: [Port]?
}

private struct Chassis: Decodable {
    var id: [Value]?
    var name: [Value]?
    var descr: [Value]?
    var addresses: [Value]?

    private enum CodingKeys: String, CodingKey {
        case id, name, descr
        case addresses = "mgmt-ip"
    }
}

private struct Port: Decodable {
    var id: [Value]?
    var descr: [Value]?
}

private struct Value: Decodable {
    var type: String?
    var value: String?
}
