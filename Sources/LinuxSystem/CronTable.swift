/// One job of cron (crontab(5)): when, as whom, and which program; never the whole command, which may hold secrets.
public struct CronJob: Hashable, Sendable {
    /// The table it stands in.
    public var table: String
    /// When, as written: `5 4 * * 1` or `@daily`.
    public var schedule: String
    /// As whom.
    public var user: String
    /// The program: the first word of the command that is no assignment.
    public var program: String

    /// All jobs of the system's and the users' tables that may be read, and whether every table could be.
    public static func all(_ root: SystemRoot) -> (jobs: [CronJob], closed: [String]) {
        var found: [CronJob] = []
        var closed: [String] = []
        func read(_ path: String, user: String?) {
            do {
                try root.forEachLine(path, limit: 4 << 20) { line in
                    if let job = CronJob(line, table: path, user: user) { found.append(job) }
                    return found.count < 20_000
                }
            } catch {
                if case .absent = error { return }
                closed.append(path)
            }
        }
        read("/etc/crontab", user: nil)
        for name in (try? root.names("/etc/cron.d", limit: 10_000)) ?? [] where isTableName(name) {
            read("/etc/cron.d/" + name, user: nil)
        }
        for directory in ["/var/spool/cron/crontabs", "/var/spool/cron"] where root.exists(directory) {
            do {
                for user in try root.names(directory, limit: 10_000) where user != "crontabs" {
                    read("\(directory)/\(user)", user: user)
                }
                break
            } catch { closed.append(directory) }
        }
        for period in ["hourly", "daily", "weekly", "monthly"] {
            for name in (try? root.names("/etc/cron." + period, limit: 10_000)) ?? [] where isTableName(name) {
                let path = "/etc/cron.\(period)/\(name)"
                found.append(CronJob(table: path, schedule: "@" + period, user: "root", program: path))
            }
        }
        return (found, closed)
    }

    /// A job that runs a file of its own.
    init(table: String, schedule: String, user: String, program: String) {
        self.table = table
        self.schedule = schedule
        self.user = user
        self.program = program
    }

    /// A line of a table; nil for comments, assignments and what is no job. `user` is nil where the line names one.
    init?(_ line: ByteText, table: String, user: String?) {
        let line = line.trimmed
        guard let first = line.bytes.first, first != UInt8(ascii: "#"), line.bytes.count <= 4096 else { return nil }
        let isNamed = first == UInt8(ascii: "@")
        guard isNamed || first == UInt8(ascii: "*") || (48...57).contains(first) || first == UInt8(ascii: "-") else {
            return nil
        }
        var fields = line.fields[...]
        let times = fields.prefix(isNamed ? 1 : 5)
        guard times.count == (isNamed ? 1 : 5) else { return nil }
        fields = fields.dropFirst(times.count)
        var owner = user
        if owner == nil { owner = fields.popFirst()?.string }
        guard let owner, let program = fields.first(where: { !isAssignment($0) }) else { return nil }
        self.table = table
        schedule = times.map(\.string).joined(separator: " ")
        self.user = owner
        self.program = program.string
    }
}

/// cron reads no file with another character in its name, such as `x.dpkg-old`.
private func isTableName(_ name: String) -> Bool {
    name.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95 || byte == 45
    }
}

private func isAssignment(_ word: ByteText) -> Bool {
    guard let equals = word.bytes.firstIndex(of: UInt8(ascii: "=")), equals > word.bytes.startIndex else {
        return false
    }
    return word.bytes[..<equals].allSatisfy {
        $0 == 95 || (65...90).contains($0) || (97...122).contains($0) || (48...57).contains($0)
    }
}
