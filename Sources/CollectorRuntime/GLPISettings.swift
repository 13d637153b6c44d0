import CollectorServices
import LinuxSystem
import TOML

/// The tables `[[glpi_site]]`: sites whose agents of GLPI may send inventories. Without one nothing listens for them.
enum GLPISettings {
    static func sites(_ tables: [TOMLTable]) throws(TOMLError) -> [GLPISite] {
        var sites: [GLPISite] = []
        for table in tables {
            let name = try table.requiredString("name", maxBytes: 64)
            // It is half of what RFC 7617 joins with a colon, and stands in the audit log.
            guard !name.isEmpty, name.utf8.allSatisfy(isNameByte) else {
                throw table.refusal("name", found: "\"\(name)\"", accepted: "ASCII letters, digits, '-', '_' and '.'")
            }
            guard !sites.contains(where: { $0.name == name }) else {
                throw table.refusal(
                    "name", found: "\"\(name)\" a second time", accepted: "a name of its own for each site")
            }
            let setting = try table.requiredString("secret_file")
            let place: SecretPlace
            do throws(SecretPlaceError) { place = try SecretPlace(setting) } catch {
                throw table.refusal(
                    "secret_file", found: "\"\(setting)\": \(error)", accepted: "a path or a credential")
            }
            let silent = try table.duration("silent_after", in: .seconds(3600) ... .seconds(366 * 86_400))
            sites.append(
                GLPISite(name: name, secretFile: place, silentSeconds: silent?.components.seconds ?? 30 * 86_400))
        }
        return sites
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "-_.".utf8.contains(byte)
    }
}
