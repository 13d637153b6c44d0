import LinuxSystem
import Model

/// Graphics processors: the display controllers and accelerators among the PCI functions, with their memory where their
/// driver says it.
public struct GPUsSource: InventorySource {
    /// `gpus`
    public static let name = "gpus"

    /// A source.
    public init() {}

    /// Reads /sys/bus/pci and what the drivers of AMD and NVIDIA show.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let root = context.root
        let names = (try? root.names(PCISource.directory)) ?? []
        // Base class 03 display controllers, 12 processing accelerators (PCI Code and ID Assignment).
        let found = names.prefix(20_000).compactMap { PCIFunction($0, root) }.filter {
            $0.kind.hasPrefix("03") || $0.kind.hasPrefix("12")
        }
        guard !found.isEmpty else { return .noData("no display controller on the PCI bus") }
        let known = PCIFunction.names(found, root)
        let items = found.map { function in
            let place = "\(PCISource.directory)/\(function.address)/"
            let information = NVIDIAInformation(function.address, root)
            var facts = Attributes()
            facts.text("vendor", known.vendor(function.vendor) ?? function.vendor)
            facts.text("model", information?.model ?? known.device(function.vendor, function.device) ?? function.device)
            facts.text("class", known.kind(String(function.kind.prefix(4))))
            facts.text("driver", root.link(place + "driver").map(lastPart))
            facts.number("memory_bytes", root.number(place + "mem_info_vram_total"))
            facts.text("serial", root.line(place + "serial_number"))
            facts.text("uuid", information?.uuid)
            facts.text("firmware", information?.firmware ?? root.line(place + "vbios_version"))
            return facts.item(function.address)
        }
        return .success([InventorySection(name: .gpus, items: items)])
    }
}

/// What NVIDIA's driver shows in /proc.
private struct NVIDIAInformation {
    var model: String?
    var uuid: String?
    var firmware: String?

    init?(_ address: String, _ root: SystemRoot) {
        guard let content = try? root.content("/proc/driver/nvidia/gpus/\(address)/information", limit: 65_536) else {
            return nil
        }
        for line in content.lines.prefix(100) {
            guard let (name, value) = line.cut(at: UInt8(ascii: ":")) else { continue }
            if name == "Model" { model = value.string }
            if name == "GPU UUID" { uuid = value.string }
            if name == "Video BIOS" { firmware = value.string }
        }
    }
}
