/// One package as dpkg knows it: a paragraph of /var/lib/dpkg/status (deb-control(5), dpkg(1)).
public struct DpkgPackage: Hashable, Sendable {
    /// Package name.
    public var name = ""
    /// Architecture, e.g. `amd64` or `all`; empty where dpkg has none.
    public var architecture = ""
    /// Version with epoch and revision; empty where there is none.
    public var version = ""
    /// Who maintains it; empty where not said.
    public var maintainer = ""
    /// Its size on disk in KiB as the packager stated it.
    public var installedKiB: UInt64?
    /// dpkg's word for its state: `installed`, `config-files`, `unpacked`, `half-configured`, …
    public var state = ""
}

/// dpkg's list of packages, read from its files: no program is run.
public struct DpkgStatus: Sendable {
    /// The packages that `dpkg-query -W` lists: each with any state but `not-installed`.
    public private(set) var packages: [DpkgPackage] = []
    /// Paragraphs without a usable name: the list lacks them.
    public private(set) var malformed = 0

    /// Where dpkg keeps the list.
    public static let path = "/var/lib/dpkg/status"
    private static let updates = "/var/lib/dpkg/updates"

    /// Reads the list and the journal of a dpkg that is running or was cut off.
    public static func read(_ root: SystemRoot) throws(SystemReadError) -> DpkgStatus {
        var status = DpkgStatus(try root.bytes(path, limit: 64 << 20)[...])
        let journal = ((try? root.names(updates, limit: 10_000)) ?? []).filter { name in
            name.utf8.allSatisfy { (48...57).contains($0) }
        }
        if !journal.isEmpty {
            var all: [UInt8] = []
            for name in journal {
                all += try root.bytes("\(updates)/\(name)", limit: 1 << 20) + [10, 10]
                guard all.count <= 64 << 20 else { throw .tooLarge(path: updates, limit: 64 << 20) }
            }
            status.apply(DpkgStatus(all[...], keepingAbsent: true))
        }
        return status
    }

    /// Parses paragraphs of `Field: value` with blank lines between them.
    init(_ content: ArraySlice<UInt8>, keepingAbsent: Bool = false) {
        var rest = content
        var current = Paragraph()
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 10) ?? rest.endIndex
            let line = rest[rest.startIndex..<end]
            rest = end < rest.endIndex ? rest[(end + 1)...] : []
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) {
                close(&current, keepingAbsent)
            } else {
                current.take(line)
            }
        }
        close(&current, keepingAbsent)
    }

    private mutating func close(_ paragraph: inout Paragraph, _ keepingAbsent: Bool) {
        guard paragraph.hasFields else { return }
        let package = paragraph.package
        paragraph = Paragraph()
        guard !package.name.isEmpty, package.name.utf8.count <= 255, package.architecture.utf8.count <= 64 else {
            malformed += 1
            return
        }
        let isAbsent = package.state.isEmpty || package.state == "not-installed"
        if !isAbsent || keepingAbsent { packages.append(package) }
    }

    /// Each entry of the journal stands in place of the list's entry for the same package.
    private mutating func apply(_ journal: DpkgStatus) {
        var places: [String: Int] = [:]
        for (index, package) in packages.enumerated() { places["\(package.name):\(package.architecture)"] = index }
        for package in journal.packages {
            let key = "\(package.name):\(package.architecture)"
            if let index = places[key] {
                packages[index] = package
            } else {
                places[key] = packages.count
                packages.append(package)
            }
        }
        packages.removeAll { $0.state.isEmpty || $0.state == "not-installed" }
        malformed += journal.malformed
    }
}

/// The fields of one paragraph that matter here, as they come.
private struct Paragraph {
    var package = DpkgPackage()
    var hasFields = false

    mutating func take(_ line: ArraySlice<UInt8>) {
        hasFields = true
        // A line that begins with white space goes on with the field before it: none of ours has two lines.
        guard let first = line.first, first != 0x20, first != 0x09,
            let colon = line.prefix(20).firstIndex(of: UInt8(ascii: ":"))
        else { return }
        let name = line[..<colon]
        // Only the value of a wanted field is copied: descriptions and file lists are most of the file.
        switch name.count {
        case 6 where Paragraph.same(name, "status"):
            package.state = ByteText(slice: Paragraph.value(line, colon)).fields.last?.string ?? ""
        case 7 where Paragraph.same(name, "package"): package.name = Paragraph.text(line, colon)
        case 7 where Paragraph.same(name, "version"): package.version = Paragraph.text(line, colon)
        case 10 where Paragraph.same(name, "maintainer"): package.maintainer = Paragraph.text(line, colon)
        case 12 where Paragraph.same(name, "architecture"): package.architecture = Paragraph.text(line, colon)
        case 14 where Paragraph.same(name, "installed-size"):
            package.installedKiB = ByteText(slice: Paragraph.value(line, colon)).trimmed.count
        default: break
        }
    }

    /// At most 4 KiB: a longer value is no name, version or address.
    private static func value(_ line: ArraySlice<UInt8>, _ colon: Int) -> ArraySlice<UInt8> {
        line[(colon + 1)...].prefix(4096)
    }

    private static func text(_ line: ArraySlice<UInt8>, _ colon: Int) -> String {
        ByteText(slice: value(line, colon)).trimmed.string
    }

    /// Field names are compared without regard to case (deb822(5)).
    private static func same(_ name: ArraySlice<UInt8>, _ lower: StaticString) -> Bool {
        lower.withUTF8Buffer { expected in
            name.count == expected.count && zip(name, expected).allSatisfy { $0 | 0x20 == $1 || $0 == $1 }
        }
    }
}
