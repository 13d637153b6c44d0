import LinuxSystem
import Model

/// The management controller of the machine and the networks it is in, as it tells the kernel (IPMI 2.0 over /dev/ipmi0): the address
/// at which the machine answers while it is off.
public struct BMCSource: InventorySource {
    /// `bmc`
    public static let name = "bmc"

    /// A source.
    public init() {}

    /// Asks the controller, or the helper where the device is closed to us.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        // The device itself is hidden from the agent by its unit.
        guard context.root.exists("/sys/class/ipmi/ipmi0") else { return .noData("no /sys/class/ipmi/ipmi0") }
        guard context.root.isLive else { return .noData("a recorded machine has no controller to ask") }
        let transcript: IPMITranscript
        if let helper = context.helper {
            guard let answered = IPMITranscript(record: try helper.ask(.bmc)) else {
                throw InventoryError("the helper's answer about the management controller is not one")
            }
            transcript = answered
        } else {
            transcript = try IPMITranscript.read()
        }
        let items = BMCSource.items(transcript)
        return items.isEmpty
            ? .noData("the management controller is in no network")
            : .success([InventorySection(name: .bmc, items: items)])
    }

    /// One item for each network that the controller is in.
    public static func items(_ transcript: IPMITranscript) -> [SectionItem] {
        IPMITranscript.channels.filter(transcript.isNetwork).map { channel in
            // Each answer begins with the revision of the parameter.
            func value(_ parameter: UInt8) -> ArraySlice<UInt8>? {
                transcript[.network(channel, parameter)]?.dropFirst()
            }
            func address(_ parameter: UInt8) -> String? {
                value(parameter).flatMap { octets in
                    octets.count >= 4 && octets.contains { $0 != 0 }
                        ? IPAddress(octets: octets.prefix(4))?.description : nil
                }
            }
            var facts = Attributes()
            facts.text("address", address(3))
            facts.text("netmask", address(6))
            facts.text("gateway", address(12))
            facts.text(
                "mac",
                value(5).flatMap { MACAddress(octets: $0.prefix(6)) }.flatMap { $0.isFiller ? nil : $0.description })
            facts.text("address_source", value(4)?.first.flatMap { sources[$0 & 0x0f] })
            if let vlan = value(20).map({ Array($0) }), vlan.count >= 2, vlan[1] & 0x80 != 0 {
                facts.number("vlan", Int(vlan[1] & 0x0f) << 8 | Int(vlan[0]))
            }
            facts.list("addresses", [56, 59].compactMap { value($0).flatMap(ipv6) })
            facts.text("firmware", transcript[.device].flatMap(firmware))
            return facts.item("channel \(channel)")
        }
    }

    private static let sources: [UInt8: String] = [1: "static", 2: "dhcp", 3: "bios", 4: "other"]

    /// A set of IPv6: its number, its source, the address, the length of the prefix and its state, 0 for one in use.
    private static func ipv6(_ value: ArraySlice<UInt8>) -> String? {
        let octets = Array(value)
        guard octets.count >= 20, octets[19] == 0, octets[2..<18].contains(where: { $0 != 0 }), octets[18] <= 128,
            let address = IPAddress(octets: octets[2..<18])
        else { return nil }
        return "\(address)/\(octets[18])"
    }

    /// `2.40` of Get Device ID: seven bits, then two decimal digits as BCD.
    private static func firmware(_ device: [UInt8]) -> String? {
        guard device.count > 3 else { return nil }
        return "\(device[2] & 0x7f).\(device[3] >> 4)\(device[3] & 0x0f)"
    }
}
