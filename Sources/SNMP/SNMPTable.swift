import Model

/// A conceptual table (RFC 2578 §7.1.12): values by the index behind the column's identifier.
public struct SNMPTable: Sendable {
    /// The indexes, in the order of RFC 3416.
    public let indexes: [[UInt32]]
    /// How the reading went.
    public let receipt: SNMPReceipt

    private let cells: [[UInt32]: [UInt32: SNMPValue]]

    /// Sorts `rows` of the table whose entry is `entry`; what lies outside is left out.
    public init(entry: OID, rows: SNMPRows, receipt: SNMPReceipt) {
        var cells: [[UInt32]: [UInt32: SNMPValue]] = [:]
        for (index, value) in rows.under(entry) {
            cells[Array(index.dropFirst()), default: [:]][index[0]] = value
        }
        self.cells = cells
        self.receipt = receipt
        indexes = cells.keys.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// The value in a column, where the device has one.
    public subscript(index: [UInt32], column: UInt32) -> SNMPValue? { cells[index]?[column] }
}
