/// Names of PCI and USB devices, looked up in the host's pci.ids or usb.ids: the file is read once as a stream and only
/// what is asked for stays.
public struct HardwareNames: Sendable {
    /// Which of the two files.
    public enum Bus: Sendable { case pci, usb }

    /// What is asked for: numbers in four lower-case hexadecimal digits.
    public struct Query: Sendable {
        fileprivate var vendors: Set<String> = []
        fileprivate var devices: Set<String> = []
        fileprivate var subsystems: Set<String> = []
        fileprivate var classes: Set<String> = []

        /// Asks for nothing.
        public init() {}

        /// Asks for a device and its vendor.
        public mutating func device(_ vendor: String, _ device: String) {
            vendors.insert(vendor)
            devices.insert(vendor + device)
        }

        /// Asks for a card that is built around a device, and for the card's vendor.
        public mutating func subsystem(_ vendor: String, _ device: String, of host: String) {
            vendors.insert(vendor)
            subsystems.insert(host + vendor + device)
        }

        /// Asks for a class, its first two digits, and its subclass, four digits.
        public mutating func kind(_ number: String) {
            classes.insert(String(number.prefix(2)))
            classes.insert(String(number.prefix(4)))
        }
    }

    private var vendors: [String: String] = [:]
    private var devices: [String: String] = [:]
    private var subsystems: [String: String] = [:]
    private var classes: [String: String] = [:]

    /// Where distributions keep the files.
    private static func places(_ bus: Bus) -> [String] {
        let name = bus == .pci ? "pci.ids" : "usb.ids"
        return ["/usr/share/misc/", "/usr/share/hwdata/", "/var/lib/usbutils/", "/var/lib/pciutils/", "/usr/share/"].map
        {
            $0 + name
        }
    }

    /// Looks everything up; without a file nothing has a name.
    public init(_ bus: Bus, _ query: Query, _ root: SystemRoot) {
        guard let path = HardwareNames.places(bus).first(where: root.exists) else { return }
        var reader = Reader(query: query)
        // A file that breaks off has named what it could.
        try? root.forEachLine(path, limit: 32 << 20) { line in
            reader.take(line)
            return true
        }
        (vendors, devices, subsystems, classes) = (reader.vendors, reader.devices, reader.subsystems, reader.classes)
    }

    /// The vendor's name.
    public func vendor(_ vendor: String) -> String? { vendors[vendor] }

    /// The device's name.
    public func device(_ vendor: String, _ device: String) -> String? { devices[vendor + device] }

    /// The name of a card built around a device.
    public func subsystem(_ vendor: String, _ device: String, of host: String) -> String? {
        subsystems[host + vendor + device]
    }

    /// The name of a class (`02`) or subclass (`0200`).
    public func kind(_ number: String) -> String? { classes[number] }

    /// Goes through the file: a vendor at the margin, its devices behind one tab, their cards behind two; classes
    /// behind `C `.
    private struct Reader {
        let query: Query
        var vendors: [String: String] = [:]
        var devices: [String: String] = [:]
        var subsystems: [String: String] = [:]
        var classes: [String: String] = [:]
        private var vendor: String?
        private var device: String?
        private var kind: String?

        init(query: Query) { self.query = query }

        mutating func take(_ line: ByteText) {
            guard let first = line.bytes.first, first != UInt8(ascii: "#") else { return }
            if first != UInt8(ascii: "\t") {
                takeHead(line)
            } else if vendor != nil || kind != nil {
                takeChild(ByteText(slice: line.bytes.dropFirst()))
            }
        }

        private mutating func takeHead(_ line: ByteText) {
            (vendor, device, kind) = (nil, nil, nil)
            if line.hasPrefix("C ") {
                guard let (number, name) = entry(ByteText(slice: line.bytes.dropFirst(2)), 2) else { return }
                kind = number
                if query.classes.contains(number) { classes[number] = name }
            } else if let (number, name) = entry(line, 4), query.vendors.contains(number) {
                vendor = number
                vendors[number] = name
            }
        }

        private mutating func takeChild(_ line: ByteText) {
            if let kind {
                guard let (number, name) = entry(line, 2), query.classes.contains(kind + number) else { return }
                classes[kind + number] = name
            } else if let vendor, line.bytes.first != UInt8(ascii: "\t") {
                device = nil
                guard let (number, name) = entry(line, 4), query.devices.contains(vendor + number) else { return }
                device = vendor + number
                devices[vendor + number] = name
            } else if let device {
                let fields = ByteText(slice: line.bytes.dropFirst())
                guard fields.bytes.count > 10, let (number, name) = entry(ByteText(slice: fields.bytes.dropFirst(5)), 4)
                else { return }
                let maker = ByteText(slice: fields.bytes.prefix(4)).string
                if query.subsystems.contains(device + maker + number) { subsystems[device + maker + number] = name }
            }
        }

        /// A number of so many digits, two spaces, a name.
        private func entry(_ line: ByteText, _ digits: Int) -> (String, String)? {
            guard line.bytes.count > digits + 2, line.bytes.prefix(digits).allSatisfy(isHexadecimalDigit) else {
                return nil
            }
            let name = ByteText(slice: line.bytes.dropFirst(digits).prefix(512)).trimmed
            return (ByteText(slice: line.bytes.prefix(digits)).string.lowercased(), name.string)
        }
    }
}

/// Whether the byte is one of `0`–`9`, `a`–`f`, `A`–`F`.
func isHexadecimalDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...102).contains(byte) || (65...70).contains(byte)
}
