/// What decoders asked tables for, in the order of asking: the source of the configuration reference.
///
/// Handed to `TOMLDocument.parse`; tables that are parsed without one note nothing. Belongs to one thread.
public final class TOMLReads {
    /// One key that a decoder knows.
    public struct Read: Hashable, Sendable {
        /// The names of the tables it lies in, then its own; `*` where a table has free names.
        public var path: [String]
        /// What is accepted there, as an error would say it; more than one where decoders differ.
        public var accepted: [String]
        /// Whether it must be there.
        public var isRequired: Bool
    }

    /// Accepted is whatever the text says.
    public static let anyValue = "any value"

    /// Every key that was asked for.
    public private(set) var reads: [Read] = []
    private var indexes: [[String]: Int] = [:]

    /// Nothing was asked for yet.
    public init() {}

    func note(_ path: [String], _ accepted: String) {
        guard let index = indexes[path] else {
            indexes[path] = reads.count
            return reads.append(Read(path: path, accepted: [accepted], isRequired: false))
        }
        let known = reads[index].accepted
        guard accepted != Self.anyValue, !known.contains(Self.anyValue), !known.contains(accepted) else { return }
        reads[index].accepted.append(accepted)
    }

    func require(_ path: [String]) {
        if let index = indexes[path] { reads[index].isRequired = true }
    }
}
