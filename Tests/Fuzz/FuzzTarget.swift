/// One parser that reads what somebody else wrote, and how octets get to it.
struct FuzzTarget: Sendable {
    /// Its name on the command line, and of its directory under `Tests/Fuzz/corpus`.
    let name: String
    /// Reads one input. Whatever it says of it is fine; a trap or an endless run is not.
    let read: @Sendable ([UInt8]) -> Void

    /// A parser that takes octets.
    init(_ name: String, _ read: @escaping @Sendable ([UInt8]) -> Void) {
        self.name = name
        self.read = read
    }
}
