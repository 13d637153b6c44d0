/// Asks a store how it is, without changing anything.
public protocol StoreProbing: Sendable {
    /// Returns when a commit could be written now; throws ``StoreError`` with the reason otherwise.
    func checkWritable() async throws
}
