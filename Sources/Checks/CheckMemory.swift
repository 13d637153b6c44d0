/// What one check keeps from run to run and over restarts of the agent: a few kilobytes that the agent puts into its state directory.
public struct CheckMemory: Sendable {
    /// What was kept last; nil where there is nothing, empty where it cannot be read.
    public var load: @Sendable () -> [UInt8]?
    /// Keeps this instead; what went wrong, or nil.
    public var save: @Sendable ([UInt8]) -> String?

    /// How much is kept at most.
    public static let limit = 64 << 10

    /// A memory.
    public init(load: @escaping @Sendable () -> [UInt8]?, save: @escaping @Sendable ([UInt8]) -> String?) {
        self.load = load
        self.save = save
    }
}
