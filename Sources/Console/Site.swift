import Model

/// Every path of the console in one place.
enum Site {
    static let overview = "/"
    static let signIn = "/sign-in"
    static let signInLink = "/sign-in/link"
    static let signOut = "/sign-out"
    static let live = "/live"
    static let cis = "/ci"
    static let impact = "/impact"
    static let map = "/map"
    static let alarms = "/alarms"
    static let silences = "/silences"
    static let incidents = "/incidents"
    static let services = "/services"
    static let discoveries = "/discoveries"
    static let agents = "/agents"
    static let rules = "/rules"
    static let users = "/users"
    static let audit = "/audit"
    static let account = "/account"
    static let language = "/account/language"
    static let password = "/account/password"

    static func ci(_ id: CIID) -> String { "/ci/\(id)" }
    static func items(of ci: CIID, _ section: SectionName) -> String {
        "/ci/\(ci)/items/" + encoded(section.rawValue)
    }
    static func links(of ci: CIID, _ group: String) -> String { "/ci/\(ci)/links/" + encoded(group) }
    static func history(of ci: CIID) -> String { "/ci/\(ci)/history" }
    static func metrics(of ci: CIID) -> String { "/ci/\(ci)/metrics" }
    static func values(of ci: CIID) -> String { "/ci/\(ci)/values" }
    static func newIncident(on ci: CIID) -> String { "/ci/\(ci)/incident" }
    static func alarm(_ id: Int64) -> String { "/alarms/\(id)" }
    static func discovery(_ id: Int64) -> String { "/discoveries/\(id)" }
    static func incident(_ number: Int64) -> String { "/incidents/\(number)" }
    static func service(_ ci: CIID) -> String { "/services/\(ci)" }
    static func agent(_ id: String) -> String { "/agents/" + encoded(id) }
    static func rule(_ name: String) -> String { "/rules/" + encoded(name) }
    static func user(_ name: String) -> String { "/users/" + encoded(name) }
    static func impact(of ci: CIID) -> String { "/impact?ci=\(ci)" }

    /// A path with parameters; values are percent-encoded, nil and empty ones left out.
    static func path(_ path: String, _ parameters: [(String, String?)]) -> String {
        let pairs = parameters.compactMap { name, value in
            value.flatMap { $0.isEmpty ? nil : name + "=" + encoded($0) }
        }
        return pairs.isEmpty ? path : path + "?" + pairs.joined(separator: "&")
    }

    /// Percent-encoded for a path segment or a parameter (RFC 3986, 2.3: all but the unreserved).
    static func encoded(_ text: String) -> String {
        var output = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                output.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                output += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
            }
        }
        return output
    }

    /// Where to go after signing in: a path of this site, else the overview.
    static func local(_ target: String?) -> String {
        guard let target, target.utf8.count <= 2048, target.utf8.first == UInt8(ascii: "/"),
            !target.hasPrefix("//"), !target.utf8.contains(UInt8(ascii: "\\")),
            !target.utf8.contains(where: { $0 < 0x21 || $0 > 0x7e })
        else { return overview }
        return target
    }
}
