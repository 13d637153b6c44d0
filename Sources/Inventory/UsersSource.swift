import LinuxSystem
import Model

/// Local users (passwd(5)); the field of the password is not read.
public struct UsersSource: InventorySource {
    /// `users`
    public static let name = "users"

    /// A source.
    public init() {}

    /// Reads /etc/passwd.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        var items: [SectionItem] = []
        do {
            try eachRecord("/etc/passwd", 7, context.root) { fields in
                guard let number = fields[2].count else { return }
                var facts = Attributes()
                facts.number("uid", number)
                facts.number("gid", fields[3].count)
                // The first part is the name; room and telephone numbers behind it are nobody's business here.
                facts.text(
                    "full_name", ByteText(slice: fields[4].bytes.prefix { $0 != UInt8(ascii: ",") }).trimmed.string)
                facts.text("home", fields[5].string)
                facts.text("shell", fields[6].string)
                facts.flag("may_sign_in", !(fields[6].hasSuffix("/nologin") || fields[6].hasSuffix("/false")))
                items.append(facts.item(fields[0].string))
            }
        } catch {
            if case .absent = error { return .noData(error.description) }
            throw error
        }
        return .success([InventorySection(name: .users, items: items)])
    }
}

/// Local groups (group(5)).
public struct GroupsSource: InventorySource {
    /// `groups`
    public static let name = "groups"

    /// A source.
    public init() {}

    /// Reads /etc/group.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        var items: [SectionItem] = []
        do {
            try eachRecord("/etc/group", 4, context.root) { fields in
                guard let number = fields[2].count else { return }
                var facts = Attributes()
                facts.number("gid", number)
                facts.list("members", fields[3].split(at: UInt8(ascii: ",")).prefix(1000).map(\.trimmed.string))
                items.append(facts.item(fields[0].string))
            }
        } catch {
            if case .absent = error { return .noData(error.description) }
            throw error
        }
        return .success([InventorySection(name: .groups, items: items)])
    }
}

/// The lines of a file that have so many fields between colons and a name in the first one.
private func eachRecord(
    _ path: String, _ count: Int, _ root: SystemRoot, _ take: ([ByteText]) -> Void
) throws(SystemReadError) {
    var left = 200_000
    try root.forEachLine(path, limit: 64 << 20) { line in
        let fields = line.bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard fields.count >= count, (1...255).contains(fields[0].count) else { return true }
        take(fields.map { ByteText(slice: $0) })
        left -= 1
        return left > 0
    }
}
