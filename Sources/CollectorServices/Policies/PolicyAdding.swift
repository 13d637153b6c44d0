import Model

/// Gives agents devices beside what the policies' files say: what was discovered and accepted, for example.
public protocol PolicyAdding: Sendable {
    /// The word under which its devices are explained, such as `discovery`.
    var giver: String { get }

    /// The devices of one agent; files count after them and may replace one by its name or take it away.
    func devices(of agent: String) async throws -> [PolicyItem]
}
