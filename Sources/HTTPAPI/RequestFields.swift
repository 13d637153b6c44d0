import HTTPTypes

/// Header fields of a request as routes may read them.
public struct RequestFields: Sendable {
    private let fields: HTTPFields

    /// No fields.
    public init() { fields = [:] }

    /// The fields of a request.
    init(_ fields: HTTPFields) { self.fields = fields }

    /// Fields by name, for tests and programs that have no listener.
    public init(_ values: [(name: String, value: String)]) {
        var fields: HTTPFields = [:]
        for (name, value) in values {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        self.fields = fields
    }

    /// The value of a field; several fields of one name are joined by a comma (RFC 9110, 5.3); nil for none.
    public subscript(name: String) -> String? {
        HTTPField.Name(name).flatMap { fields[$0] }
    }

    /// The value of a cookie (RFC 6265, 5.4); nil when there is none or more than one of that name.
    public func cookie(_ name: String) -> String? {
        var found: [Substring] = []
        for field in fields[values: .cookie] {
            for pair in field.utf8.split(separator: UInt8(ascii: ";")) {
                let trimmed = Substring(pair).drop { $0 == " " }
                guard let equals = trimmed.utf8.firstIndex(of: UInt8(ascii: "=")) else { continue }
                if trimmed[..<equals].utf8.elementsEqual(name.utf8) {
                    found.append(trimmed[trimmed.utf8.index(after: equals)...])
                }
            }
        }
        return found.count == 1 ? found.first.map(String.init) : nil
    }
}
