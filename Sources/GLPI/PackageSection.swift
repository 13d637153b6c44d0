import Model

extension SectionReader {
    /// Installed software, keyed as our own agent keys packages: manager, name, architecture. Windows lists some names several times
    /// (runtimes of several versions): these are told apart by their number in the registry, else by version.
    static let packages = SectionReader(.packages, ["softwares"]) { content in
        let (records, others) = content.record.objects("softwares")
        var found = Found(unread: others, isWhole: others == 0)
        var named: [(key: String, record: GLPIRecord)] = []
        var counts: [String: Int] = [:]
        for record in records {
            guard let key = packageKey(record) else {
                found.unread += 1
                found.isWhole = false
                continue
            }
            named.append((key, record))
            counts[key, default: 0] += 1
        }
        var items: [SectionItem] = []
        for (key, record) in named {
            let more = counts[key] == 1 ? nil : record.text("guid") ?? record.text("version")
            var facts = Facts(record)
            facts.text("name", "name", "guid")
            facts.text("version", "version")
            facts.text("architecture", "arch")
            facts.text("vendor", "publisher")
            facts.text("path", "folder")
            facts.number("size_bytes", "filesize")
            facts.text("install_date", "install_date", "installdate", as: GLPIDates.day)
            items.append(facts.item(bounded(more.map { "\(key):\($0)" } ?? key)))
            found.unread += facts.unread
        }
        found.items = items.withDistinctKeys
        return found
    }

    private static func packageKey(_ record: GLPIRecord) -> String? {
        guard let name = record.text("name") ?? record.text("guid"), name.utf8.count <= 1024 else { return nil }
        let from = (record.text("from") ?? "software").lowercased()
        let manager = ["deb": "dpkg"][from] ?? from
        return bounded("\(manager):\(name):\(record.text("arch") ?? "")")
    }

    /// A key within its limit, with room for a number behind it.
    private static func bounded(_ key: String) -> String {
        key.utf8.count <= 4000 ? key : String(decoding: key.utf8.prefix(4000), as: UTF8.self)
    }
}
