import Model

/// What a GLPI agent sends to its server.
public enum GLPIMessage: Sendable {
    /// JSON's first message: the agent is there and asks what to do.
    case contact(deviceID: String)
    /// XML's first message, to the same end.
    case prolog(deviceID: String)
    /// An inventory.
    case inventory(GLPIInventory)

    /// Reads the body of a request, packed or not; every refusal says where.
    public static func read(_ body: [UInt8]) throws(GLPIRefusal) -> GLPIMessage {
        let bytes = try GLPIBody.plain(body)
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0d).contains($0) }
        switch bytes.first(where: { !isSpace($0) }) {
        case UInt8(ascii: "{"): return try json(try GLPIJSON.read(bytes))
        case UInt8(ascii: "<"): return try xml(try GLPIXML.read(bytes))
        case nil: throw GLPIRefusal("the body is empty")
        case 0xef, 0xfe, 0xff: throw GLPIRefusal("a byte order mark at byte 0: send UTF-8 without one")
        default: throw GLPIRefusal("neither JSON nor XML, nor packed by zlib or gzip, at byte 0")
        }
    }

    private static func json(_ value: GLPIValue) throws(GLPIRefusal) -> GLPIMessage {
        guard case .object(let members) = value else { throw GLPIRefusal("JSON: the message is not an object") }
        let message = GLPIRecord(members)
        let deviceID = try deviceID(message)
        let action = message.text("action") ?? "inventory"
        if action == "contact" { return .contact(deviceID: deviceID) }
        guard ["inventory", "netinventory", "netdiscovery"].contains(action) else {
            throw GLPIRefusal("action: must be contact, inventory, netinventory or netdiscovery")
        }
        let content = try content(message, form: .json, isPartial: isPartial(message))
        if action != "inventory" || content.record.has("network_device") {
            return .inventory(
                try .devices(content, deviceID: deviceID, isDiscovery: action == "netdiscovery"))
        }
        return .inventory(try .computer(content, deviceID: deviceID))
    }

    private static func xml(_ root: (name: String, value: GLPIValue)) throws(GLPIRefusal) -> GLPIMessage {
        guard root.name == "request", case .object(let members) = root.value else {
            throw GLPIRefusal("XML: the outermost element must be REQUEST with DEVICEID, QUERY and CONTENT in it")
        }
        let message = GLPIRecord(members)
        let deviceID = try deviceID(message)
        switch message.text("query")?.uppercased() {
        case "PROLOG": return .prolog(deviceID: deviceID)
        case "INVENTORY":
            let content = try content(message, form: .xml, isPartial: isPartial(message))
            return .inventory(try .computer(content, deviceID: deviceID))
        case "NETDISCOVERY", "SNMP", "SNMPQUERY", "NETINVENTORY":
            let content = try content(message, form: .xml, isPartial: false)
            return .inventory(
                try .devices(
                    content, deviceID: deviceID, isDiscovery: message.text("query")?.uppercased() == "NETDISCOVERY"))
        default: throw GLPIRefusal("QUERY: must be PROLOG, INVENTORY, NETDISCOVERY or SNMPQUERY")
        }
    }

    private static func isPartial(_ message: GLPIRecord) -> Bool {
        switch message.members["partial"] {
        case nil, .null, .flag(false), .integer(0), .text("0"), .text(""): false
        // Anything else may mean yes, and then nothing must vanish.
        default: true
        }
    }

    private static func deviceID(_ message: GLPIRecord) throws(GLPIRefusal) -> String {
        guard case .text(let text) = message.members["deviceid"], case let id = text.trimmed,
            (1...Limits.nameBytes).contains(id.utf8.count), !id.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f })
        else {
            throw GLPIRefusal("deviceid: must be a text of 1 to \(Limits.nameBytes) bytes without control characters")
        }
        return id
    }

    private static func content(
        _ message: GLPIRecord, form: GLPIForm, isPartial: Bool
    ) throws(GLPIRefusal) -> GLPIContent {
        guard case .object(let members) = message.members["content"] else {
            throw GLPIRefusal("content: must be there and hold the parts of the inventory")
        }
        return GLPIContent(record: GLPIRecord(members), form: form, isPartial: isPartial)
    }
}
