import LinuxSystem
import Model

/// Monitors on the connectors of graphics cards, as their EDID describes them.
public struct MonitorsSource: InventorySource {
    /// `monitors`
    public static let name = "monitors"

    private static let directory = "/sys/class/drm"

    /// A source.
    public init() {}

    /// Reads the EDID of every connector.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let root = context.root
        let names: [String]
        do { names = try root.names(MonitorsSource.directory, limit: 10_000) } catch {
            if case .absent = error { return .noData("no graphics card (\(error))") }
            throw error
        }
        var items: [SectionItem] = []
        for name in names where isNumbered(name, "card") {
            guard let bytes = try? root.bytes("\(MonitorsSource.directory)/\(name)/edid", limit: 65_536),
                let edid = EDID(bytes)
            else { continue }
            items.append(MonitorsSource.item(edid, connector: name, root))
        }
        return items.isEmpty
            ? .noData("no monitor is connected")
            : .success([InventorySection(name: .monitors, items: items.withDistinctKeys)])
    }

    /// Keyed by the connector without the card, whose number is given anew at each start.
    static func item(_ edid: EDID, connector: String, _ root: SystemRoot) -> SectionItem {
        let port = connector.split(separator: "-", maxSplits: 1).last.map(String.init) ?? connector
        var facts = Attributes()
        facts.text("connector", port)
        facts.text("vendor_id", edid.vendorID)
        facts.text("manufacturer", DisplayVendors.name(edid.vendorID, root) ?? edid.vendorID)
        facts.text("model", edid.name ?? edid.text ?? "\(edid.vendorID)\(hexadecimal(UInt32(edid.product), 4))")
        facts.text("product_id", hexadecimal(UInt32(edid.product), 4))
        facts.text("serial", edid.labelSerial ?? edid.serial ?? edid.numberText)
        facts.number("year", edid.year)
        facts.number("week", edid.week)
        facts.text("resolution", edid.resolution)
        facts.number("width_cm", edid.width)
        facts.number("height_cm", edid.height)
        facts.text("signal", edid.isDigital ? "digital" : "analogue")
        return facts.item(port)
    }
}

/// The makers behind the three letters (UEFI Forum's PNP ID list).
enum DisplayVendors {
    /// From the host's own list, else from the ones that are met most.
    static func name(_ id: String, _ root: SystemRoot) -> String? {
        var found: String?
        try? root.forEachLine("/usr/share/hwdata/pnp.ids", limit: 4 << 20) { line in
            guard line.bytes.count > 4, line.bytes.prefix(3).elementsEqual(id.utf8) else { return true }
            found = ByteText(slice: line.bytes.dropFirst(4)).trimmed.string
            return false
        }
        return found ?? common[id]
    }

    private static let common: [String: String] = [
        "AAC": "AcerView", "ACI": "Asus", "ACR": "Acer", "AIC": "AG Neovo", "AOC": "AOC", "APP": "Apple",
        "AUO": "AU Optronics",
        "AUS": "Asus", "BNQ": "BenQ", "BOE": "BOE", "CMN": "Innolux", "CMO": "Chi Mei", "CPQ": "Compaq",
        "CPT": "Chunghwa",
        "CSO": "CSOT", "DEL": "Dell", "ELO": "Elo TouchSystems", "ENC": "Eizo Nanao", "EIZ": "Eizo", "EPI": "Envision",
        "FUS": "Fujitsu", "GBT": "Gigabyte", "GSM": "LG Electronics", "HIQ": "Hyundai ImageQuest", "HPN": "HP",
        "HSD": "HannStar", "HWP": "HP", "HWV": "Huawei", "IBM": "IBM", "IVM": "iiyama", "KTC": "KTC", "LEN": "Lenovo",
        "LGD": "LG Display", "LPL": "LG Philips", "MEI": "Panasonic", "MEL": "Mitsubishi", "MSI": "MSI", "NEC": "NEC",
        "NOK": "Nokia", "PHL": "Philips", "QDS": "Quanta", "SAM": "Samsung", "SDC": "Samsung Display", "SEC": "Samsung",
        "SHP": "Sharp", "SNY": "Sony", "TOS": "Toshiba", "TSB": "Toshiba", "VIZ": "Vizio", "VSC": "ViewSonic",
        "XMI": "Xiaomi", "HKC": "HKC", "TCL": "TCL", "SKY": "Skyworth", "MTC": "MTC", "WAC": "Wacom", "RHT": "Red Hat",
        "BBY": "Best Buy", "MED": "Medion", "PIO": "Pioneer", "HEI": "Hyundai", "IFS": "InFocus", "ONN": "ONN",
    ]
}
