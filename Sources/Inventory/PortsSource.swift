import LinuxSystem
import Model

/// Connectors on the machine's outside and inside, from the firmware's tables (DSP0134 §7.9).
public struct PortsSource: InventorySource {
    /// `ports`
    public static let name = "ports"

    /// A source.
    public init() {}

    /// Reads SMBIOS type 8.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        try firmwareSection(context, .ports, types: [8], what: "port") { port, _ in
            var facts = Attributes()
            facts.text("internal_name", port.string(4))
            facts.text("external_name", port.string(6))
            facts.text("type", port.byte(8).flatMap { portTypes[$0] })
            facts.text("connector", connector(port))
            guard !facts.values.isEmpty else { return nil }
            return facts.item(port.string(6) ?? port.string(4) ?? "?")
        }
    }

    private func connector(_ port: SMBIOSTable.Structure) -> String? {
        [port.byte(7), port.byte(5)].compactMap { $0.flatMap { connectors[$0] } }.first
    }
}

private let connectors: [UInt8: String] = [
    1: "Centronics", 2: "mini Centronics", 4: "DB-25 male", 5: "DB-25 female", 6: "DB-15 male", 7: "DB-15 female",
    8: "DB-9 male", 9: "DB-9 female", 10: "RJ-11", 11: "RJ-45", 12: "50-pin MiniSCSI", 13: "mini-DIN",
    14: "micro-DIN", 15: "PS/2", 16: "infrared", 17: "HP-HIL", 18: "access bus (USB)", 19: "SSA SCSI",
    22: "on-board IDE", 23: "on-board floppy", 31: "mini jack", 33: "IEEE 1394", 34: "SAS/SATA", 35: "USB type C",
]

private let portTypes: [UInt8: String] = [
    1: "parallel XT/AT", 2: "parallel PS/2", 3: "parallel ECP", 4: "parallel EPP", 5: "parallel ECP/EPP",
    6: "serial XT/AT", 7: "serial 8251", 8: "serial 16450", 9: "serial 16550A", 10: "SCSI", 11: "MIDI",
    12: "joystick", 13: "keyboard", 14: "mouse", 15: "SSA SCSI", 16: "USB", 17: "FireWire", 28: "video", 29: "audio",
    30: "modem", 31: "network", 32: "SATA", 33: "SAS", 34: "MFDP", 35: "Thunderbolt",
]
