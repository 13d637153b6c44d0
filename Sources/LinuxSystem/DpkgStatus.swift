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
    /// The source package, where it has another name.
    public var source: String?
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
        var status = try read(path, root, keepingAbsent: false)
        let journal = ((try? root.names(updates, limit: 10_000)) ?? []).filter { name in
            name.utf8.allSatisfy { (48...57).contains($0) }
        }
        for name in journal { status.apply(try read("\(updates)/\(name)", root, keepingAbsent: true)) }
        return status
    }

    /// Reads paragraphs of `Field: value` with blank lines between them, line by line: the list of a full machine has
    /// many megabytes, of which little is wanted.
    private static func read(
        _ path: String, _ root: SystemRoot, keepingAbsent: Bool
    ) throws(SystemReadError) -> DpkgStatus {
        var status = DpkgStatus()
        var current = Paragraph()
        try root.forEachLine(path, limit: 64 << 20) { line in
            if line.isBlank {
                status.close(&current, keepingAbsent)
            } else {
                current.take(line.bytes)
            }
            return true
        }
        status.close(&current, keepingAbsent)
        return status
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

extension ByteText {
    fileprivate var isBlank: Bool {
        // Nearly all lines say so with their first byte.
        guard let first = bytes.first else { return true }
        guard first == 0x20 || first == 0x09 || first == 0x0d else { return false }
        return bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }
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
        case 6:
            if Paragraph.same(name, "status") {
                package.state = ByteText(slice: Paragraph.value(line, colon)).fields.last?.string ?? ""
            } else if Paragraph.same(name, "source") {
                // A version behind it stands in brackets.
                package.source = ByteText(slice: Paragraph.value(line, colon)).fields.first?.trimmed.string
            }
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
