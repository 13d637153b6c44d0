/// A sensor of the machine (the kernel's Documentation/hwmon/sysfs-interface.rst; thermal zones where no driver has
/// brought temperatures there).
public struct Sensor: Hashable, Sendable {
    /// The same from boot to boot: the chip, the device it is part of, the input, `coretemp@coretemp.0/temp2`.
    public var id: String
    /// What the driver calls it, `Core 0`; nil for nothing.
    public var label: String?
    /// What is measured.
    public var kind: Kind
    /// In the kind's unit.
    public var value: Double
    /// The value at which the driver sees damage; nil where it tells none.
    public var critical: Double?

    /// What a sensor measures; the unit of its values.
    public enum Kind: String, CaseIterable, Sendable {
        /// °C.
        case temperature = "temp"
        /// Turns a minute.
        case fan
        /// V.
        case voltage = "in"
        /// A.
        case current = "curr"
        /// W.
        case power

        /// How many of the file's units are one.
        fileprivate var divisor: Double {
            switch self {
            case .temperature, .voltage, .current: 1000
            case .power: 1_000_000
            case .fan: 1
            }
        }

        /// Values that a sensor can have; what is beyond is nothing that was measured: chips say 127 or −128 °C where no
        /// sensor is connected.
        fileprivate var range: ClosedRange<Double> {
            switch self {
            case .temperature: -60...120
            case .fan: 0...100_000
            case .voltage: -1000...1000
            case .current: -10_000...10_000
            case .power: 0...100_000
            }
        }
    }

    /// The sensors that answer, in the order of their chips; reading one may take a second.
    public static func all(_ root: SystemRoot) -> [Sensor] {
        let chips = (try? root.names("/sys/class/hwmon", limit: 1000)) ?? []
        let sensors = chips.flatMap { chip($0, root) }
        guard !sensors.contains(where: { $0.kind == .temperature }) else { return sensors }
        return sensors + zones(root)
    }

    /// Drivers that are older than the class keep their files with the device.
    private static func chip(_ name: String, _ root: SystemRoot) -> [Sensor] {
        let place = "/sys/class/hwmon/\(name)/"
        let sensors = inputs(of: name, in: place, place, root)
        return sensors.isEmpty ? inputs(of: name, in: place + "device/", place, root) : sensors
    }

    private static func inputs(
        of name: String, in directory: String, _ place: String, _ root: SystemRoot
    ) -> [Sensor] {
        let files = (try? root.names(directory, limit: 10_000)) ?? []
        let device = root.link(place + "device").flatMap { $0.split(separator: "/").last.map(String.init) }
        let chip =
            (root.line(place + "name") ?? root.line(directory + "name") ?? name)
            + (device.map { $0 == ".." ? "" : "@" + $0 } ?? "")
        return files.compactMap { file in
            guard file.hasSuffix("_input") || (file.hasPrefix("power") && file.hasSuffix("_average")),
                let input = file.split(separator: "_").first.map(String.init),
                let kind = Kind.allCases.first(where: { isInput(input, of: $0) }),
                root.number(directory + input + "_fault") != 1, let value = value(directory + file, kind, root)
            else { return nil }
            return Sensor(
                id: chip + "/" + input, label: root.line(directory + input + "_label"), kind: kind, value: value,
                critical: Self.value(directory + input + "_crit", kind, root))
        }
    }

    /// Whether `input` is the kind's word and a number, `temp1`.
    private static func isInput(_ input: String, of kind: Kind) -> Bool {
        let number = input.utf8.dropFirst(kind.rawValue.utf8.count)
        return input.hasPrefix(kind.rawValue) && !number.isEmpty && number.allSatisfy { (48...57).contains($0) }
    }

    private static func value(_ path: String, _ kind: Kind, _ root: SystemRoot) -> Double? {
        guard let raw = root.number(path) else { return nil }
        let value = Double(raw) / kind.divisor
        return kind.range.contains(value) ? value : nil
    }

    private static func zones(_ root: SystemRoot) -> [Sensor] {
        let places = (try? root.names("/sys/class/thermal", limit: 1000)) ?? []
        return places.filter { $0.hasPrefix("thermal_zone") }.compactMap { name in
            let place = "/sys/class/thermal/\(name)/"
            guard let value = value(place + "temp", .temperature, root) else { return nil }
            return Sensor(id: name, label: root.line(place + "type"), kind: .temperature, value: value, critical: nil)
        }
    }
}
