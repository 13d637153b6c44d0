/// The names of local users (/etc/passwd, passwd(5)); directory services are not asked, because asking can block.
public struct UserNames: Hashable, Sendable {
    private var names: [UInt32: String] = [:]

    /// Reads /etc/passwd; without it no user has a name.
    public init(_ root: SystemRoot) {
        guard let content = try? root.content("/etc/passwd", limit: 16 << 20) else { return }
        for line in content.lines.prefix(200_000) {
            let parts = line.bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard parts.count >= 7, (1...255).contains(parts[0].count),
                let user = ByteText(slice: parts[2]).count.flatMap(UInt32.init(exactly:)), names[user] == nil
            else { continue }
            names[user] = ByteText(slice: parts[0]).string
        }
    }

    /// The number of the user called `name`, compared by octets; nil where there is none.
    public func number(of name: String) -> UInt32? {
        names.filter { $0.value.utf8.elementsEqual(name.utf8) }.keys.min()
    }

    /// The user's name, else the number.
    public subscript(user: UInt32) -> String { names[user] ?? String(user) }
}
