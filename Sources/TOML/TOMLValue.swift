/// A value with its place in the text.
public struct TOMLNode: Hashable, Sendable {
    /// The value.
    public var value: TOMLValue
    /// Where the value begins.
    public var position: TOMLPosition

    /// A value at a place.
    public init(value: TOMLValue, position: TOMLPosition) {
        self.value = value
        self.position = position
    }
}

/// A value as the text has it, before a reader gives it a meaning.
public indirect enum TOMLValue: Hashable, Sendable {
    /// Text.
    case string(String)
    /// A whole number of 64 bits; larger ones are refused by the parser.
    case integer(Int64)
    /// A number with a fraction; may be infinite or NaN.
    case real(Double)
    /// `true` or `false`.
    case boolean(Bool)
    /// A date or time; no setting takes one, so it is only named.
    case date
    /// Values in order.
    case array([TOMLNode])
    /// Entries sorted by key, each key once.
    case table([TOMLEntry])

    /// What a message calls the value: `text`, `a whole number`, …
    public var kind: String {
        switch self {
        case .string: "text"
        case .integer: "a whole number"
        case .real: "a number with a fraction"
        case .boolean: "true or false"
        case .date: "a date or time"
        case .array: "a list"
        case .table: "a table"
        }
    }
}

/// A key of a table with its value.
public struct TOMLEntry: Hashable, Sendable {
    /// The key, at most ``TOMLDocument/nameBytes`` bytes.
    public var key: String
    /// Where the key begins.
    public var keyPosition: TOMLPosition
    /// The value and its place.
    public var node: TOMLNode

    /// An entry.
    public init(key: String, keyPosition: TOMLPosition, node: TOMLNode) {
        self.key = key
        self.keyPosition = keyPosition
        self.node = node
    }
}
