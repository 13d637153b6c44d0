/// Text in the OpenMetrics 1.0 exposition format, put together family by family.
public struct OpenMetricsText {
    /// Its media type.
    public static let mediaType = "application/openmetrics-text; version=1.0.0; charset=utf-8"

    private var text = ""

    /// No family yet.
    public init() {}

    /// The kinds of families used here.
    public enum Kind: String, Sendable {
        case gauge, counter, histogram, info
    }

    /// Begins a family; its samples must follow before the next begins.
    public mutating func family(_ name: String, _ kind: Kind, unit: String? = nil, _ help: String) {
        text += "# TYPE \(name) \(kind.rawValue)\n"
        if let unit { text += "# UNIT \(name) \(unit)\n" }
        text += "# HELP \(name) \(Self.escaped(help))\n"
    }

    /// A sample with a whole number.
    public mutating func sample(_ name: String, _ labels: [(String, String)] = [], _ value: Int64) {
        text += name + Self.written(labels) + " \(value)\n"
    }

    /// A sample with a real number.
    public mutating func sample(_ name: String, _ labels: [(String, String)] = [], real value: Double) {
        text += name + Self.written(labels) + " \(value)\n"
    }

    /// One gauge without labels.
    public mutating func gauge(_ name: String, unit: String? = nil, _ help: String, _ value: Int64) {
        family(name, .gauge, unit: unit, help)
        sample(name, [], value)
    }

    /// The whole exposition.
    public var finished: String { text + "# EOF\n" }

    private static func written(_ labels: [(String, String)]) -> String {
        guard !labels.isEmpty else { return "" }
        return "{" + labels.map { "\($0)=\"\(escaped($1))\"" }.joined(separator: ",") + "}"
    }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}
