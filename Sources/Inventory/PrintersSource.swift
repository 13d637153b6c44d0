import LinuxSystem
import Model

/// Printers that CUPS knows on this host.
public struct PrintersSource: InventorySource {
    /// `printers`
    public static let name = "printers"

    private static let path = "/etc/cups/printers.conf"

    /// A source.
    public init() {}

    /// Reads printers.conf: `<Printer NAME>` … `</Printer>` with `Key value` lines between.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        var items: [SectionItem] = []
        var name: String?
        var facts = Attributes()
        do throws(SystemReadError) {
            try context.root.forEachLine(PrintersSource.path, limit: 4 << 20) { line in
                let line = line.trimmed
                if line.hasPrefix("<Printer ") || line.hasPrefix("<DefaultPrinter ") {
                    name = line.fields.last.map { ByteText(slice: $0.bytes.prefix { $0 != UInt8(ascii: ">") }).string }
                    facts = Attributes()
                    if line.hasPrefix("<Default") { facts.flag("is_default", true) }
                } else if line.hasPrefix("</Printer") || line.hasPrefix("</DefaultPrinter") {
                    if let name { items.append(facts.item(name)) }
                    name = nil
                } else {
                    facts.printer(line)
                }
                return items.count < 10_000
            }
        } catch {
            if case .absent = error { return .noData(error.description) }
            throw error
        }
        return items.isEmpty
            ? .noData("CUPS has no printer") : .success([InventorySection(name: .printers, items: items)])
    }
}

extension Attributes {
    fileprivate mutating func printer(_ line: ByteText) {
        guard let space = line.bytes.firstIndex(of: 0x20) else { return }
        let value = ByteText(slice: line.bytes[space...]).trimmed.string
        switch ByteText(slice: line.bytes[..<space]).string {
        case "Info": text("description", value)
        case "MakeModel": text("model", value)
        case "Location": text("location", value)
        case "DeviceURI": text("address", withoutPassword(value))
        case "UUID": text("uuid", value.hasPrefix("urn:uuid:") ? String(value.dropFirst(9)) : value)
        case "Shared": flag("is_shared", value == "Yes")
        default: break
        }
    }
}

/// An address without the user and password that may stand before its host.
func withoutPassword(_ uri: String) -> String {
    guard let slashes = uri.firstRange(of: "://") else { return uri }
    let rest = uri[slashes.upperBound...]
    let end = rest.firstIndex(of: "/") ?? rest.endIndex
    guard let at = rest[..<end].lastIndex(of: "@") else { return uri }
    return String(uri[..<slashes.upperBound] + rest[rest.index(after: at)...])
}
