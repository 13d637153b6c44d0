import FoundationEssentials
import Model

/// The inventory as a bill of materials (CycloneDX 1.6, ECMA-424): the host, its firmware, operating system, devices and
/// everything that is installed on it.
enum CycloneDXDocument {
    /// The document as JSON text.
    static func text(_ document: InventoryDocument, at now: Timestamp, serial: UUID = UUID()) throws -> String {
        var root = JSONObject()
        root.text("bomFormat", "CycloneDX")
        root.text("specVersion", "1.6")
        root.text("serialNumber", "urn:uuid:" + serial.uuidString.lowercased())
        root.integer("version", 1)
        root.object("metadata", metadata(document, now))
        let parts = [operatingSystem(document), firmware(document)].compactMap { $0 } + devices(document)
        root.list("components", (parts + document.items(.packages).compactMap(package)).map(\.value))
        return try root.value.line()
    }

    private static func metadata(_ document: InventoryDocument, _ now: Timestamp) -> JSONObject {
        let system = document.facts(.system)
        var tool = JSONObject()
        tool.text("type", "application")
        tool.text("name", "muster-agent")
        tool.text("version", ProductVersion.text)
        var tools = JSONObject()
        tools.list("components", [tool.value])
        var host = component("device", system.text("fqdn") ?? system.text("hostname") ?? "host", reference: "host")
        host.text(
            "description", [system.text("vendor"), system.text("model")].compactMap { $0 }.joined(separator: " "))
        host.properties([
            ("serial", system.text("serial")), ("uuid", system.text("uuid")), ("machine_id", system.text("machine_id")),
            ("kind", system.text("kind")), ("architecture", document.facts(.os).text("architecture")),
        ])
        var metadata = JSONObject()
        metadata.text("timestamp", now.rfc3339)
        metadata.object("tools", tools)
        metadata.object("component", host)
        return metadata
    }

    private static func operatingSystem(_ document: InventoryDocument) -> JSONObject? {
        let os = document.facts(.os)
        guard let name = os.text("id") else { return nil }
        var object = component("operating-system", name, reference: "os")
        object.texts(os, ["version": "version", "description": "pretty_name", "cpe": "cpe"])
        object.properties([("kernel", os.text("kernel")), ("codename", os.text("codename"))])
        return object
    }

    private static func firmware(_ document: InventoryDocument) -> JSONObject? {
        let system = document.facts(.system)
        guard let version = system.text("bios_version") else { return nil }
        var object = component("firmware", system.text("firmware_type") ?? "firmware", reference: "firmware")
        object.text("version", version)
        object.supplier(system.text("bios_vendor"))
        return object
    }

    /// What has a maker and a serial number: disks, memory, cards, monitors.
    private static func devices(_ document: InventoryDocument) -> [JSONObject] {
        let sections: [(SectionName, [String], String)] = [
            (.disks, ["serial", "wwn", "transport", "size_bytes"], "firmware"),
            (.memoryModules, ["serial", "part_number", "size_bytes", "type"], ""),
            (.pci, ["vendor_id", "device_id", "class", "driver"], "revision"),
            (.usb, ["vendor_id", "product_id", "serial"], "revision"), (.monitors, ["serial", "year"], ""),
        ]
        return sections.flatMap { section, facts, version in
            document.items(section).compactMap { item in
                guard let name = item.text("model") ?? item.text("part_number") else { return nil }
                var object = component("device", name, reference: "\(section.rawValue)/\(item.key)")
                object.supplier(item.text("vendor") ?? item.text("manufacturer"))
                object.texts(item, ["version": version])
                object.properties(facts.map { ($0, item.attributes[$0]?.display) })
                return object
            }
        }
    }

    private static func package(_ package: SectionItem) -> JSONObject? {
        guard package.text("state") != "config-files", let name = package.text("name") else { return nil }
        var object = component("library", name, reference: "packages/\(package.key)")
        object.texts(package, ["version": "version", "purl": "purl", "publisher": "vendor"])
        if let license = package.text("license") {
            object.list("licenses", [.object(["license": .object(["name": .text(license)])])])
        }
        object.properties(
            ["architecture", "install_date", "size_bytes", "path", "source"].map {
                ($0, package.attributes[$0]?.display)
            })
        return object
    }

    private static func component(_ type: String, _ name: String, reference: String) -> JSONObject {
        var object = JSONObject()
        object.text("type", type)
        object.text("name", name)
        object.text("bom-ref", reference)
        return object
    }
}

extension JSONObject {
    /// Facts that the format has no place for, below our own prefix.
    fileprivate mutating func properties(_ facts: [(name: String, value: String?)]) {
        list(
            "properties",
            facts.compactMap { fact in
                guard let value = fact.value, !value.isEmpty else { return nil }
                return .object(["name": .text("muster:\(fact.name)"), "value": .text(value)])
            })
    }

    fileprivate mutating func supplier(_ name: String?) {
        var supplier = JSONObject()
        supplier.text("name", name)
        object("supplier", supplier)
    }
}
