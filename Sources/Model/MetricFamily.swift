/// What all series of one metric name have in common.
public struct MetricFamily: Hashable, Sendable {
    /// OpenTelemetry's name, e.g. `system.memory.usage`; where the conventions have none, one of their form below
    /// `system.linux.`.
    public let name: String
    /// What the values are counted in.
    public let unit: Unit
    /// Whether values only grow until what counts them starts anew.
    public let isCounter: Bool
    /// What is measured, in a few English words.
    public let about: String

    /// Units, written as UCUM writes them.
    public enum Unit: String, Sendable {
        /// Bytes.
        case bytes = "By"
        /// Seconds.
        case seconds = "s"
        /// A share between 0 and 1.
        case ratio = "1"
        /// Degrees Celsius.
        case celsius = "Cel"
        /// Turns a minute.
        case turns = "rpm"
        /// Volts.
        case volts = "V"
        /// Amperes.
        case amperes = "A"
        /// Watts.
        case watts = "W"
        /// Things that are counted; what they are says the name.
        case count = "{count}"
    }

    /// A family.
    public init(_ name: String, _ unit: Unit, isCounter: Bool = false, _ about: String) {
        self.name = name
        self.unit = unit
        self.isCounter = isCounter
        self.about = about
    }
}
