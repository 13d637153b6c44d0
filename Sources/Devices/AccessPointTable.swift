import Model
import SNMP
import TOML

/// Where a wireless controller keeps its access points: data in a profile (`[[access_points]]`).
///
/// Every column is by the same index, only that of the clients may have more behind it (a radio's number). An index that any
/// column has is a row: what one firmware leaves out another may tell.
public struct AccessPointTable: Hashable, Sendable {
    /// The columns of texts and numbers; see ``DeviceAccessPoint``.
    public var name: OID?
    /// See `name`.
    public var mac: OID?
    /// See `name`.
    public var model: OID?
    /// See `name`.
    public var serial: OID?
    /// The column of the addresses: IpAddress, octets of either family, or text.
    public var address: OID?
    /// See `name`.
    public var version: OID?
    /// See `name`.
    public var location: OID?
    /// See `name`.
    public var group: OID?
    /// The column of the states.
    public var state: OID?
    /// What numbers or texts there mean.
    public var states: StateWords
    /// The column of clients; numbers of one access point's radios are added up.
    public var clients: OID?
    /// What the index is, beside telling one from another.
    public var index: Index
    /// Numbers of the index before that: a virtual domain.
    public var skip: Int

    /// What an index tells.
    public enum Index: String, Hashable, Sendable, CaseIterable {
        /// The MAC address, in six numbers.
        case mac
        /// The serial number, letter by letter.
        case serial
        /// The name, letter by letter.
        case name
        /// Nothing.
        case none
    }

    /// What a state can be: it works, it does not, it serves another controller and this one stands by, it is on its way, a
    /// person switched it off, nobody knows.
    public static let stateWords = ["up", "down", "standby", "joining", "disabled", "unknown"]

    init(_ table: TOMLTable) throws(TOMLError) {
        name = try table.oid("name")
        mac = try table.oid("mac")
        model = try table.oid("model")
        serial = try table.oid("serial")
        address = try table.oid("address")
        version = try table.oid("version")
        location = try table.oid("location")
        group = try table.oid("group")
        state = try table.oid("state")
        clients = try table.oid("clients")
        index = Index(rawValue: try table.word("index", among: Index.allCases.map(\.rawValue)) ?? "") ?? .none
        skip = try table.int("skip_index", in: 0...16) ?? 0
        states = try StateWords(table, among: Self.stateWords)
        if name == nil, index != .name { throw table.missing("name") }
        if state != nil, states.isEmpty { throw table.missing("states") }
        try table.finish()
    }

    /// What to walk.
    var columns: [OID] { own + [clients].compactMap { $0 } }

    private var own: [OID] {
        [name, mac, model, serial, address, version, location, group, state].compactMap { $0 }
    }
}
