import LinuxSystem
import Model

/// Who is signed in.
public struct LoginsSource: InventorySource {
    /// `logins`
    public static let name = "logins"

    /// A source.
    public init() {}

    /// Reads utmp.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let records: [LoginRecord]
        do { records = try LoginRecord.all(context.root) } catch {
            if case .absent = error { return .noData("no utmp: nobody keeps a list of sessions") }
            throw error
        }
        let items = records.filter { $0.kind == .user && !$0.user.isEmpty }.prefix(10_000).map { record in
            var facts = Attributes()
            facts.text("user", record.user)
            facts.text("terminal", record.line)
            facts.text("from", record.host)
            facts.text("since", record.time.rfc3339)
            return facts.item("\(record.user) \(record.line)")
        }
        return .success([InventorySection(name: .logins, items: items.withDistinctKeys)])
    }
}
