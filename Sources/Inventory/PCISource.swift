import LinuxSystem
import Model

/// PCI functions with the names that the host's pci.ids has for them.
public struct PCISource: InventorySource {
    /// `pci`
    public static let name = "pci"

    static let directory = "/sys/bus/pci/devices"
    private static let limit = 20_000

    /// A source.
    public init() {}

    /// Reads /sys/bus/pci.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let root = context.root
        let names: [String]
        do { names = try root.names(PCISource.directory) } catch {
            if case .absent = error { return .noData("no PCI bus (\(error))") }
            throw error
        }
        let functions = names.prefix(PCISource.limit).compactMap { PCIFunction($0, root) }
        guard !functions.isEmpty else { return .noData("no device in \(PCISource.directory)") }
        let known = PCIFunction.names(functions, root)
        let slots = physicalSlots(root)
        let items = functions.map { $0.item(known, slots, root) }
        let isComplete = names.count <= PCISource.limit
        return .success([InventorySection(name: .pci, items: items, isComplete: isComplete)])
    }

    /// The slots' names by address without function.
    private func physicalSlots(_ root: SystemRoot) -> [String: String] {
        var slots: [String: String] = [:]
        for name in (try? root.names("/sys/bus/pci/slots", limit: 10_000)) ?? [] {
            if let address = root.line("/sys/bus/pci/slots/\(name)/address") { slots[address] = name }
        }
        return slots
    }
}

/// One function of a PCI device: its numbers as four hexadecimal digits each.
struct PCIFunction {
    let address: String
    let kind: String
    let vendor: String
    let device: String
    let subsystem: (vendor: String, device: String)?
    private let place: String

    /// Nil for an entry without numbers.
    init?(_ address: String, _ root: SystemRoot) {
        let place = "\(PCISource.directory)/\(address)/"
        func number(_ file: String, _ digits: Int) -> String? {
            guard let line = root.line(place + file), line.hasPrefix("0x"), line.utf8.count == digits + 2 else {
                return nil
            }
            return String(line.dropFirst(2)).lowercased()
        }
        guard let vendor = number("vendor", 4), let device = number("device", 4), let kind = number("class", 6) else {
            return nil
        }
        self.place = place
        self.address = address
        self.kind = kind
        self.vendor = vendor
        self.device = device
        if let maker = number("subsystem_vendor", 4), let card = number("subsystem_device", 4), maker != "0000" {
            subsystem = (maker, card)
        } else {
            subsystem = nil
        }
    }

    /// The names of all of them, in one reading.
    static func names(_ functions: [PCIFunction], _ root: SystemRoot) -> HardwareNames {
        var query = HardwareNames.Query()
        for function in functions {
            query.device(function.vendor, function.device)
            query.kind(function.kind)
            if let card = function.subsystem {
                query.subsystem(card.vendor, card.device, of: function.vendor + function.device)
            }
        }
        return HardwareNames(.pci, query, root)
    }

    func item(_ names: HardwareNames, _ slots: [String: String], _ root: SystemRoot) -> SectionItem {
        var facts = Attributes()
        facts.text("class_id", kind)
        facts.text("class", names.kind(String(kind.prefix(4))) ?? names.kind(String(kind.prefix(2))))
        facts.text("vendor_id", vendor)
        facts.text("device_id", device)
        facts.text("vendor", names.vendor(vendor))
        facts.text("model", names.device(vendor, device))
        if let subsystem {
            facts.text("subsystem_id", "\(subsystem.vendor):\(subsystem.device)")
            facts.text("subsystem_vendor", names.vendor(subsystem.vendor))
            facts.text("subsystem", names.subsystem(subsystem.vendor, subsystem.device, of: vendor + device))
        }
        facts.text("revision", root.line(place + "revision").map { String($0.dropFirst($0.hasPrefix("0x") ? 2 : 0)) })
        facts.text("driver", root.link(place + "driver").map(lastPart))
        facts.text(
            "slot", address.split(separator: ".").first.flatMap { slots[String($0)] } ?? root.line(place + "label"))
        // -1 where the machine has one node only.
        facts.number("numa_node", root.number(place + "numa_node").flatMap { $0 < 0 ? nil : $0 })
        facts.text(
            "link_width", root.line(place + "max_link_width").flatMap { $0 == "0" || $0 == "255" ? nil : "x" + $0 })
        facts.text("link_speed", root.line(place + "max_link_speed").flatMap { $0.hasPrefix("Unknown") ? nil : $0 })
        return facts.item(address)
    }
}
