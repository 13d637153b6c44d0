import LinuxSystem
import Model

/// The machine: maker, model, serial number, names, and whether it is a real one.
///
/// Values are as the firmware has them, fillers too: the collector knows which serial numbers mean nothing.
public struct SystemSource: InventorySource {
    /// `system`
    public static let name = "system"

    /// A source.
    public init() {}

    /// Reads DMI, the host's names and its machine id.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let root = context.root
        let firmware = Firmware(context)
        let machine = MachineKind(root, firmware)
        let hostname = KernelName(root).hostname ?? root.line("/etc/hostname")
        var facts = Attributes()
        facts.text("vendor", firmware.vendor)
        facts.text("model", firmware.model)
        facts.text("version", firmware.version)
        facts.text("serial", firmware.serial)
        facts.text("uuid", firmware.uuid)
        facts.text("chassis_type", firmware.chassisType)
        facts.text("board_vendor", firmware.boardVendor)
        facts.text("board_model", firmware.boardModel)
        facts.text("board_serial", firmware.boardSerial)
        facts.text("asset_tag", firmware.assetTag)
        facts.text("bios_vendor", firmware.biosVendor)
        facts.text("bios_version", firmware.biosVersion)
        facts.text("bios_date", firmware.biosDate)
        facts.text("sku", firmware.sku)
        facts.text("family", firmware.family)
        facts.text("board_version", firmware.boardVersion)
        facts.text("board_asset_tag", firmware.boardAssetTag)
        facts.text("chassis_vendor", firmware.chassisVendor)
        facts.text("chassis_version", firmware.chassisVersion)
        facts.text("chassis_serial", firmware.chassisSerial)
        facts.flag("management_controller", controller(root) ?? firmware.hasManagementController)
        facts.list("compatible", deviceTreeList("compatible", root))
        facts.security(root)
        facts.cloud(CloudInstance(firmware, root))
        facts.text("hostname", hostname)
        facts.text("fqdn", hostname.flatMap { fullName(of: $0, root) })
        facts.text("machine_id", root.line("/etc/machine-id") ?? root.line("/var/lib/dbus/machine-id"))
        facts.text("kind", machine.kind)
        facts.text("hypervisor", machine.hypervisor)
        guard let missing = firmware.missing else {
            return .success([InventorySection(name: .system, items: [facts.item("")])])
        }
        // Incomplete: a serial number that is hidden today must not vanish from the record.
        return .partial([InventorySection(name: .system, items: [facts.item("")], isComplete: false)], missing)
    }

    /// The kernel's IPMI devices.
    private func controller(_ root: SystemRoot) -> Bool? {
        root.exists("/dev/ipmi0") || root.exists("/sys/class/ipmi/ipmi0") ? true : nil
    }

    /// The first name with a dot on the line of /etc/hosts (hosts(5)) that also has the short name; no resolver is
    /// asked.
    private func fullName(of hostname: String, _ root: SystemRoot) -> String? {
        if hostname.utf8.contains(UInt8(ascii: ".")) { return hostname }
        guard let content = try? root.content("/etc/hosts", limit: 4 << 20) else { return nil }
        for line in content.lines.prefix(100_000) {
            let names = line.bytes.prefix { $0 != UInt8(ascii: "#") }
            let fields = ByteText(slice: names).fields.dropFirst().map(\.trimmed)
            guard fields.contains(where: { $0.bytes.elementsEqual(hostname.utf8) }) else { continue }
            let prefix = Array(hostname.utf8) + [UInt8(ascii: ".")]
            if let full = fields.first(where: { $0.bytes.starts(with: prefix) }) { return full.string }
        }
        return nil
    }
}

extension Attributes {
    /// How the machine starts and what it keeps its keys in.
    fileprivate mutating func security(_ root: SystemRoot) {
        let isUEFI = root.exists("/sys/firmware/efi")
        if isUEFI || root.exists("/sys/firmware/dmi") { text("firmware_type", isUEFI ? "uefi" : "bios") }
        // Four bytes of attributes, then the value (UEFI 2.10 §3.3).
        let variable = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
        if let bytes = try? root.bytes(variable, limit: 64), bytes.count == 5 { flag("secure_boot", bytes[4] == 1) }
        guard let chip = (try? root.names("/sys/class/tpm", limit: 64))?.first else { return }
        let place = "/sys/class/tpm/\(chip)/"
        text("tpm_version", root.line(place + "tpm_version_major").map { $0 == "2" ? "2.0" : "1.2" } ?? "unknown")
        text("tpm_description", root.line(place + "device/description"))
    }

    fileprivate mutating func cloud(_ instance: CloudInstance?) {
        text("cloud_provider", instance?.provider)
        text("cloud_instance_id", instance?.id)
        text("cloud_instance_type", instance?.type)
    }
}
