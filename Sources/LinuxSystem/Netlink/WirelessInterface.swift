import CLinux
import Glibc

/// What the kernel says of a wireless interface (nl80211, <linux/nl80211.h>).
public struct WirelessInterface: Hashable, Sendable {
    /// The interface's name.
    public var name: String
    /// `managed` (a station), `access-point`, `ad-hoc`, `mesh`, `monitor`, `client` or `group-owner` (Wi-Fi Direct); nil for others.
    public var mode: String?
    /// The name of the network it is in, or gives; broken UTF-8 replaced.
    public var network: String?

    /// An interface.
    public init(name: String, mode: String?, network: String?) {
        self.name = name
        self.mode = mode
        self.network = network
    }

    private static let (getFamily, getInterface): (UInt8, UInt8) = (3, 5)

    /// All wireless interfaces of this network namespace; empty where the kernel knows no nl80211.
    public static func all() throws(NetlinkError) -> [WirelessInterface] {
        let control: UInt16 = 0x10
        let question = NetlinkAttributes.bytes(2, Array("nl80211\0".utf8))
        let answer: [UInt8]
        do throws(NetlinkError) {
            answer = try ask(control, getFamily, question, isDump: false)
        } catch {
            if case .refused(ENOENT) = error { return [] }
            throw error
        }
        guard let family = family(in: answer) else { return [] }
        return all(in: try ask(family, getInterface, [], isDump: true))
    }

    /// The number of the family in the controller's answer.
    public static func family(in answer: some Collection<UInt8>) -> UInt16? {
        NetlinkMessage.all(in: answer).first.flatMap { NetlinkAttributes($0.payload.dropFirst(4)).native(1) }
            .flatMap { UInt16(exactly: $0) }
    }

    /// The interfaces in an answer.
    public static func all(in answer: some Collection<UInt8>) -> [WirelessInterface] {
        let modes: [UInt64: String] = [
            1: "ad-hoc", 2: "managed", 3: "access-point", 4: "access-point", 6: "monitor", 7: "mesh", 8: "client",
            9: "group-owner",
        ]
        return NetlinkMessage.all(in: answer).filter { $0.type >= 0x10 }.prefix(1000).compactMap { message in
            let attributes = NetlinkAttributes(message.payload.dropFirst(4))
            guard let name = attributes.text(4) else { return nil }
            // A name of 0 to 32 octets that may be anything (IEEE 802.11, 9.4.2.2).
            let network = attributes[52].flatMap { $0.isEmpty ? nil : String(decoding: $0.prefix(32), as: UTF8.self) }
            return WirelessInterface(name: name, mode: attributes.native(5).flatMap { modes[$0] }, network: network)
        }
    }

    private static func ask(
        _ type: UInt16, _ command: UInt8, _ attributes: [UInt8], isDump: Bool
    ) throws(NetlinkError) -> [UInt8] {
        let head: [UInt8] = [command, 1, 0, 0]
        return try NetlinkQuestion(
            family: MUSTER_GENERIC, type: type, isDump: isDump, payload: head + attributes
        ).answer()
    }
}
