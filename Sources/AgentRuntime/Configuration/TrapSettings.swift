import Devices
import Model
import SNMP
import TOML

/// `[traps]`: what devices tell by themselves.
public struct TrapSettings: Hashable, Sendable {
    /// Where traps and informs arrive; empty where they do not, unless the service manager passes sockets.
    public var listen: [Place] = []
    /// How many traps are taken of one device.
    public var limits = SNMPTrapLimits()
    /// Directory of the traps that are known by name; nil for those installed with the agent.
    public var directory: String?

    /// An address and a port of UDP.
    public struct Place: Hashable, Sendable, CustomStringConvertible {
        /// The address; `0.0.0.0` or `::` for every address of the host.
        public var address: IPAddress
        /// The port.
        public var port: UInt16

        /// Parses `ADDRESS:PORT` or `[ADDRESS]:PORT`; nil on anything else.
        init?(_ text: String) {
            guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0
            else {
                return nil
            }
            var host = String(text[..<colon])
            let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
            if isBracketed { host = String(host.dropFirst().dropLast()) }
            guard let address = IPAddress(host), address.isIPv6 == isBracketed else { return nil }
            self.address = address
            self.port = port
        }

        /// As it is written in the configuration.
        public var description: String { address.isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)" }
    }

    /// All defaults: no socket of the agent's own.
    public init() {}

    /// Reads the table.
    init(_ table: TOMLTable) throws(TOMLError) {
        for text in try table.strings("listen", maxBytes: 64) ?? [] {
            guard let place = Place(text) else {
                throw table.refusal("listen", found: "\"\(text)\"", accepted: "ADDRESS:PORT or [ADDRESS]:PORT")
            }
            listen.append(place)
        }
        guard listen.count <= 16 else {
            throw table.refusal("listen", found: "\(listen.count) places", accepted: "at most 16")
        }
        limits.rate = Double(try table.int("rate", in: 1...1000) ?? Int(limits.rate))
        limits.burst = Double(try table.int("burst", in: 1...10_000) ?? Int(limits.burst))
        directory = try table.string("directory")
    }

    /// The traps that are known by name.
    func catalogue() throws(ConfigurationError) -> TrapCatalogue {
        do { return try TrapCatalogue(directory: directory ?? "/usr/share/muster/traps") } catch { throw .toml(error) }
    }
}
