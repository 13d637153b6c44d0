/// What `muster-agent helper` may be asked for: the whole list. No verb has a parameter, so that a peer can choose
/// nothing but one of these words (threats M15).
public enum HelperVerb: String, CaseIterable, Hashable, Sendable {
    /// Which process holds which sockets, and the file it runs.
    case sockets
    /// The file that each process runs.
    case executables
    /// The firmware's tables, with serial numbers and UUID.
    case smbios
    /// What lldpd heard, in its client's json0 format.
    case neighbours
    /// How the kernel's clock stands: a sandbox that keeps the clock from being set forbids to look, too.
    case clock
    /// What the management controller says of itself and its networks.
    case bmc
    /// What the disks say of their health, where smartctl is installed.
    case smart

    /// How many octets an answer may have.
    public var answerBytes: Int {
        switch self {
        case .sockets: 16 << 20
        case .executables, .neighbours: 8 << 20
        case .smbios: 4 << 20
        case .clock: 128
        case .bmc: 64 << 10
        case .smart: 4 << 20
        }
    }

    /// The longest request there is, with its newline.
    public static let requestBytes = 16

    /// The request's octets: the word and a newline; then the peer ends its side.
    public var request: [UInt8] { Array(rawValue.utf8) + [UInt8(ascii: "\n")] }

    /// The verb that `request` asks for; nil for anything but one word and its newline.
    public init?(request: [UInt8]) {
        guard let verb = HelperVerb.allCases.first(where: { $0.request == request }) else { return nil }
        self = verb
    }
}
