import FoundationEssentials
import Model
import Wire

/// A request as a route sees it: everything was limited and decoded before.
public struct APIRequest: Sendable {
    /// Who makes it.
    public var caller: Caller
    /// Where it comes from, for counting and the audit log.
    public var address: String
    /// Path and query.
    public var target: RequestTarget
    /// Header fields.
    public var fields: RequestFields
    /// Values of the route's placeholders by name.
    public var parameters: [String: String]
    /// The body, inflated; empty where there is none.
    public var body: [UInt8]

    /// A request.
    public init(
        caller: Caller, address: String, target: RequestTarget, fields: RequestFields = RequestFields(),
        parameters: [String: String] = [:], body: [UInt8] = []
    ) {
        self.caller = caller
        self.address = address
        self.target = target
        self.fields = fields
        self.parameters = parameters
        self.body = body
    }

    /// Value of a placeholder in the route's path.
    public func parameter(_ name: String) -> String { parameters[name] ?? "" }

    /// The one value of a query parameter; nil when it is absent, refused when it stands twice.
    public func query(_ name: String) throws(ProblemDetails) -> String? {
        let values = target.query.filter { $0.name.utf8.elementsEqual(name.utf8) }
        guard values.count <= 1 else { throw .invalid("parameter \(name) stands \(values.count) times; write it once") }
        guard let value = values.first?.value else { return nil }
        guard value.utf8.count <= Limits.valueBytes else { throw .invalid("parameter \(name) is too long") }
        return value
    }

    /// All values of a query parameter that may stand several times.
    public func queries(_ name: String) -> [String] {
        target.query.filter { $0.name.utf8.elementsEqual(name.utf8) }.map(\.value)
    }

    /// Refuses parameters that the route does not know: a misspelt filter must not widen an answer.
    public func only(_ names: String...) throws(ProblemDetails) {
        for (name, _) in target.query where !names.contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
            let accepted = names.isEmpty ? "none" : names.joined(separator: ", ")
            throw .invalid("a parameter is not known here; accepted: \(accepted)")
        }
    }

    /// A whole number in `range`, or `standard` when it is absent.
    public func integer<Number: FixedWidthInteger>(
        _ name: String, in range: ClosedRange<Number>, standard: Number
    ) throws(ProblemDetails) -> Number {
        guard let text = try query(name) else { return standard }
        guard let number = Number(text), range.contains(number) else {
            throw .invalid("\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The number behind which a page begins: `after`, as the last answer's `next` gave it.
    public func after() throws(ProblemDetails) -> Int64? {
        guard let text = try query("after") else { return nil }
        guard let number = Int64(text), number >= 0 else { throw .invalid("after must be the next of an answer") }
        return number
    }

    /// The moment in `as_of`; nil for now.
    public func asOf() throws(ProblemDetails) -> Timestamp? {
        guard let text = try query("as_of") else { return nil }
        guard let moment = Timestamp(rfc3339: text) else {
            throw .invalid("as_of must be a time such as 2026-11-23T21:55:12Z")
        }
        return moment
    }

    /// The body decoded from JSON, after it was checked for what decoders let pass.
    func decoded<Value: Decodable>(_ type: Value.Type) throws(ProblemDetails) -> Value {
        do { try JSONGuard.check(body, maximumValueBytes: 16_384) } catch { throw .invalid(error.description) }
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch let error as DecodingError {
            throw .invalid("body has another shape: \(error.complaint)")
        } catch {
            throw .invalid("body is not readable as JSON")
        }
    }
}

extension DecodingError {
    /// The place and the complaint, without values.
    fileprivate var complaint: String {
        switch self {
        case .keyNotFound(let key, let context):
            "\(place(context)) lacks \(key.stringValue)"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            "\(place(context)): \(context.debugDescription)"
        @unknown default: "not readable"
        }
    }

    private func place(_ context: Context) -> String {
        let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        return path.isEmpty ? "the top" : path
    }
}
