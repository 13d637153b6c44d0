/// A block device or partition as sysfs shows it below /sys/class/block or /sys/block.
public struct BlockDevice: Sendable {
    /// The kernel's name, e.g. `sda1`.
    public let name: String
    /// Its directory with a `/` at the end.
    public let place: String
    private let root: SystemRoot

    /// The device called `name` below `directory`.
    public init(_ name: String, in directory: String, _ root: SystemRoot) {
        self.name = name
        self.root = root
        place = "\(directory)/\(name)/"
    }

    /// Major and minor number, `8:1`.
    public var number: String? { root.line(place + "dev") }

    /// Bytes; nil for none.
    public var bytes: UInt64? {
        // Sectors of 512 bytes, whatever the device's own are.
        guard let sectors = root.number(place + "size"), sectors > 0 else { return nil }
        let (size, overflow) = UInt64(sectors).multipliedReportingOverflow(by: 512)
        return overflow ? nil : size
    }

    /// What udev found out about it.
    public var udev: UdevRecord { UdevRecord(block: number ?? "", root) }

    /// A file below it.
    public func line(_ file: String) -> String? { root.line(place + file) }

    /// The names of the devices it is made of.
    public var parts: [String] { (try? root.names(place + "slaves", limit: 10_000)) ?? [] }

    /// The names of the devices made of it.
    public var holders: [String] { (try? root.names(place + "holders", limit: 10_000)) ?? [] }
}

extension SystemRoot {
    /// All whole block devices, sorted by name.
    public func blockDevices() throws(SystemReadError) -> [BlockDevice] {
        try names("/sys/block").map { BlockDevice($0, in: "/sys/block", self) }
    }
}
