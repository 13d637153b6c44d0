/// Where a PCI function stands: `0000:00:1f.2`.
public struct PCIAddress: Hashable, Sendable {
    /// The domain (segment).
    public var domain: UInt32
    /// The bus.
    public var bus: UInt8
    /// The device, 0 to 31.
    public var device: UInt8
    /// The function, 0 to 7.
    public var function: UInt8

    /// An address.
    public init(domain: UInt32, bus: UInt8, device: UInt8, function: UInt8) {
        self.domain = domain
        self.bus = bus
        self.device = device
        self.function = function
    }

    /// In the kernel's form.
    public var text: String {
        "\(hexadecimal(domain, 4)):\(hexadecimal(UInt32(bus), 2)):\(hexadecimal(UInt32(device), 2)).\(function)"
    }
}

/// A number in hexadecimal with at least as many digits.
public func hexadecimal(_ number: UInt32, _ digits: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}
