/// Why what a GLPI agent sent is not taken: one line with the place, without a value from the message.
public struct GLPIRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// Whether it is too large rather than wrong.
    public let isTooLarge: Bool
    /// What, where, what to do.
    public let description: String

    /// A refusal.
    init(_ description: String, isTooLarge: Bool = false) {
        self.description = description
        self.isTooLarge = isTooLarge
    }
}
