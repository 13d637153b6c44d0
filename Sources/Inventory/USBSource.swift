import LinuxSystem
import Model

/// USB devices with their serial numbers, named by themselves, else by the host's usb.ids.
public struct USBSource: InventorySource {
    /// `usb`
    public static let name = "usb"

    private static let directory = "/sys/bus/usb/devices"
    private static let limit = 10_000

    /// A source.
    public init() {}

    /// Reads /sys/bus/usb.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let root = context.root
        let names: [String]
        do { names = try root.names(USBSource.directory) } catch {
            if case .absent = error { return .noData("no USB bus (\(error))") }
            throw error
        }
        let devices = names.prefix(USBSource.limit).compactMap { Device($0, root) }
        guard !devices.isEmpty else { return .noData("no device in \(USBSource.directory)") }
        var query = HardwareNames.Query()
        for device in devices {
            query.device(device.vendor, device.product)
            query.kind(device.kind)
        }
        let known = HardwareNames(.usb, query, root)
        let items = devices.map { $0.item(known, root) }.withDistinctKeys
        return .success([InventorySection(name: .usb, items: items)])
    }

    private struct Device {
        let vendor: String
        let product: String
        let kind: String
        private let place: String
        private let key: String

        /// Nil for interfaces, which are directories of their own.
        init?(_ name: String, _ root: SystemRoot) {
            place = "\(USBSource.directory)/\(name)/"
            guard let vendor = root.line(place + "idVendor"), let product = root.line(place + "idProduct"),
                vendor.utf8.count == 4, product.utf8.count == 4
            else { return nil }
            self.vendor = vendor.lowercased()
            self.product = product.lowercased()
            kind = (root.line(place + "bDeviceClass") ?? "").lowercased()
            // Buses are numbered as they are found: the controller and the way through the hubs stay the same.
            let ports = name.split(separator: "-", maxSplits: 1).dropFirst().first.map(String.init) ?? "root"
            let controller = root.link(USBSource.directory + "/" + name)?.split(separator: "/").last {
                $0.split(separator: ":").count == 3 && $0.contains(".")
            }
            key = "\(controller ?? "usb") \(ports) \(self.vendor):\(self.product)"
        }

        func item(_ names: HardwareNames, _ root: SystemRoot) -> SectionItem {
            var facts = Attributes()
            facts.text("vendor_id", vendor)
            facts.text("product_id", product)
            facts.text("vendor", names.vendor(vendor) ?? root.line(place + "manufacturer"))
            facts.text("model", root.line(place + "product") ?? names.device(vendor, product))
            facts.text("serial", root.line(place + "serial"))
            // Class 0: each interface has its own.
            let number = kind == "00" ? interface(root) : kind
            facts.text("class", number.flatMap { usbClasses[$0] ?? names.kind($0) })
            facts.text("class_id", number)
            facts.text("usb_version", root.line(place + "version"))
            facts.text("revision", root.line(place + "bcdDevice"))
            facts.number("speed_mbps", root.line(place + "speed").flatMap { Int($0) })
            return facts.item(key)
        }

        private func interface(_ root: SystemRoot) -> String? {
            let names = (try? root.names(String(place.dropLast()), limit: 10_000)) ?? []
            return names.lazy.filter { $0.contains(":") }.compactMap { root.line("\(place)\($0)/bInterfaceClass") }
                .first
        }
    }
}

// usb.org "Defined Class Codes", the ones that say what a thing is.
private let usbClasses = [
    "01": "Audio", "02": "Communications", "03": "Human Interface Device", "06": "Imaging", "07": "Printer",
    "08": "Mass Storage", "09": "Hub", "0a": "CDC Data", "0b": "Smart Card", "0e": "Video", "e0": "Wireless",
]
