import LinuxSystem
import Model

/// Ports to storage networks: Fibre Channel, iSCSI sessions and InfiniBand.
public struct StoragePortsSource: InventorySource {
    /// `storage_ports`
    public static let name = "storage_ports"

    /// A source.
    public init() {}

    /// Reads /sys/class/fc_host, /sys/class/iscsi_session and /sys/class/infiniband.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let items = fibreChannel(context.root) + iscsi(context.root) + infiniband(context.root)
        return items.isEmpty
            ? .noData("no Fibre Channel, iSCSI or InfiniBand")
            : .success([InventorySection(name: .storagePorts, items: items.withDistinctKeys)])
    }

    private func fibreChannel(_ root: SystemRoot) -> [SectionItem] {
        names("/sys/class/fc_host", root).map { name in
            let place = "/sys/class/fc_host/\(name)/"
            let port = root.line(place + "port_name").map(worldWideName)
            var facts = Attributes()
            facts.text("type", "fibre channel")
            facts.text("wwn", port)
            facts.text("node_wwn", root.line(place + "node_name").map(worldWideName))
            facts.text("state", root.line(place + "port_state")?.lowercased())
            facts.text("speed", root.line(place + "speed").flatMap { $0.hasPrefix("unknown") ? nil : $0 })
            facts.text("fabric_wwn", root.line(place + "fabric_name").map(worldWideName))
            facts.text("description", root.line(place + "symbolic_name"))
            return facts.item(port ?? name)
        }
    }

    private func iscsi(_ root: SystemRoot) -> [SectionItem] {
        let initiator = initiatorName(root)
        return names("/sys/class/iscsi_session", root).compactMap { name in
            let place = "/sys/class/iscsi_session/\(name)/"
            guard let target = root.line(place + "targetname") else { return nil }
            let connection = "/sys/class/iscsi_connection/connection\(name.dropFirst("session".count)):0/"
            let address = root.line(connection + "persistent_address")
            var facts = Attributes()
            facts.text("type", "iscsi")
            facts.text("target", target)
            facts.text("initiator", root.line(place + "initiatorname") ?? initiator)
            facts.text("address", address)
            facts.text("port", root.line(connection + "persistent_port"))
            facts.text("state", root.line(place + "state")?.lowercased())
            return facts.item([target, address].compactMap { $0 }.joined(separator: " "))
        }
    }

    private func infiniband(_ root: SystemRoot) -> [SectionItem] {
        names("/sys/class/infiniband", root).flatMap { card in
            names("/sys/class/infiniband/\(card)/ports", root).map { port in
                let place = "/sys/class/infiniband/\(card)/ports/\(port)/"
                var facts = Attributes()
                facts.text("type", root.line(place + "link_layer")?.lowercased() ?? "infiniband")
                facts.text("description", root.line("/sys/class/infiniband/\(card)/board_id"))
                facts.text("firmware", root.line("/sys/class/infiniband/\(card)/fw_ver"))
                facts.text("node_guid", root.line("/sys/class/infiniband/\(card)/node_guid"))
                // `4: ACTIVE`
                facts.text("state", root.line(place + "state")?.split(separator: " ").last?.lowercased())
                facts.text("speed", root.line(place + "rate"))
                return facts.item("\(card)/\(port)")
            }
        }
    }

    private func names(_ directory: String, _ root: SystemRoot) -> [String] {
        (try? root.names(directory, limit: 4096)) ?? []
    }

    private func initiatorName(_ root: SystemRoot) -> String? {
        guard let content = try? root.content("/etc/iscsi/initiatorname.iscsi", limit: 65_536) else { return nil }
        for line in content.lines.prefix(100) {
            if let (name, value) = line.cut(at: UInt8(ascii: "=")), name == "InitiatorName" { return value.string }
        }
        return nil
    }

    /// `0x10000090fa942779` as `10:00:00:90:fa:94:27:79`.
    private func worldWideName(_ text: String) -> String {
        guard text.hasPrefix("0x"), text.utf8.count == 18 else { return text }
        let digits = Array(text.utf8.dropFirst(2))
        return stride(from: 0, to: 16, by: 2).map { String(decoding: digits[$0..<($0 + 2)], as: UTF8.self) }
            .joined(separator: ":")
    }
}
