/// What an agent expects to hear.
public struct GLPIAnswer: Hashable, Sendable {
    /// Media type: agents read the answer by it.
    public let mediaType: String
    /// The body.
    public let body: [UInt8]

    /// Hours until the agent comes again.
    public static let hours = 24

    private init(json: String) {
        mediaType = "application/json"
        body = Array(json.utf8)
    }

    private init(xml: String) {
        mediaType = "application/xml"
        body = Array(("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + xml + "\n").utf8)
    }

    /// To a contact: send the inventory; nothing else is asked of the agent. With a version named for the task an agent does not fall
    /// back to XML; it leaves out what that version of GLPI did not read.
    public static let contact = GLPIAnswer(
        json: """
            {"status":"ok","expiration":\(hours),"tasks":{"inventory":{"server":"glpi","version":"10.0.0"}},\
            "disabled":["collect","deploy","esx","netdiscovery","netinventory","wakeonlan"]}
            """)

    /// To a prolog: send the inventory.
    public static let prolog = GLPIAnswer(
        xml: "<REPLY><PROLOG_FREQ>\(hours)</PROLOG_FREQ><RESPONSE>SEND</RESPONSE></REPLY>")

    /// To an inventory: it is stored.
    public static func stored(_ form: GLPIForm) -> GLPIAnswer {
        switch form {
        case .json: GLPIAnswer(json: "{\"status\":\"ok\",\"expiration\":\(hours)}")
        case .xml: GLPIAnswer(xml: "<REPLY><RESPONSE>no_account_update</RESPONSE></REPLY>")
        }
    }
}
