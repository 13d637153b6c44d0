import Glibc
import Model
import SNMP

/// Reads sensors: ENTITY-SENSOR-MIB (RFC 3433), Cisco's older form of it, and the tables a profile names.
struct SensorReader {
    /// What to walk: the sensors of the entities, and the columns of `tables`, each once.
    static func columns(_ tables: [SensorTable]) -> [OID] {
        var columns = MIB.columns(MIB.entPhySensorEntry, 1, 2, 3, 4, 5)
        columns += tables.flatMap { [$0.value, $0.nameColumn, $0.low, $0.high, $0.selector].compactMap { $0 } }
        return distinct(columns)
    }

    /// Cisco's form, with its limits.
    static let ciscoColumns = MIB.columns(MIB.entSensorEntry, 1, 2, 3, 4, 5)

    /// The sensors in `rows`, each instance once.
    static func sensors(
        _ result: SNMPResult, tables: [SensorTable], entities: [DeviceEntity], interfaces: [UInt32: String] = [:]
    ) -> [DeviceSensor] {
        var names: [UInt32: DeviceEntity] = [:]
        for entity in entities { names[entity.index] = entity }
        var found = entitySensors(MIB.entPhySensorEntry, result, names)
        found += entitySensors(MIB.entSensorEntry, result, names)
        for table in tables {
            switch table.name {
            case .interface: found += sensors(table, result.rows, interfaces)
            case .entity: found += sensors(table, result.rows, names.compactMapValues { $0.name ?? $0.description })
            default: found += sensors(table, result.rows, [:])
            }
        }
        var seen: Set<OID> = []
        return found.filter { seen.insert($0.oid).inserted }
    }

    private static func distinct(_ oids: [OID]) -> [OID] {
        var seen: Set<OID> = []
        let unique = oids.filter { seen.insert($0).inserted }
        // What lies below another is read with it.
        return unique.filter { oid in !unique.contains { $0 != oid && $0.isPrefix(of: oid) } }
    }

    // MARK: entities

    private static func entitySensors(
        _ entry: OID, _ result: SNMPResult, _ names: [UInt32: DeviceEntity]
    ) -> [DeviceSensor] {
        let table = SNMPTable(entry: entry, rows: result.rows, receipt: result.receipt)
        return table.indexes.compactMap { index in
            guard index.count == 1, let type = table[index, 1]?.number, let raw = table[index, 4]?.number,
                table[index, 5]?.number ?? 1 == 1, let (sensorClass, factor) = kind(type)
            else { return nil }
            let entity = names[index[0]]
            let name = entity.flatMap { $0.description ?? $0.name } ?? "sensor \(index[0])"
            let exponent = Double(power(table[index, 2]?.number ?? 9) - clamped(table[index, 3]?.number ?? 0))
            var sensor = DeviceSensor(
                oid: entry.appending(4, index[0]), sensorClass: sensorClass, name: name,
                value: Double(raw) * pow(10, exponent) * factor)
            if type == 12 { sensor.state = raw == 1 ? "ok" : raw == 2 ? "critical" : "unknown" }
            if sensorClass == "power", isOptical(entity) {
                // People read the light of optics in dBm, whatever the device counts it in.
                sensor.sensorClass = "dbm"
                sensor.value = sensor.value.flatMap { $0 > 0 ? 10 * log10($0 * 1000) : nil }
            }
            return sensor
        }
    }

    private static func isOptical(_ entity: DeviceEntity?) -> Bool {
        let text = "\(entity?.description ?? "") \(entity?.name ?? "")".lowercased()
        return ["dom ", "dbm", "optical", "tx power", "rx power", "receive power", "transmit power", "laser"]
            .contains { text.contains($0) }
    }

    /// EntitySensorDataType, and Cisco's 14 for dBm.
    private static func kind(_ type: Int64) -> (String, Double)? {
        switch type {
        case 3, 4: ("voltage", 1)
        case 5: ("current", 1)
        case 6: ("power", 1)
        case 7: ("frequency", 1)
        case 8: ("temperature", 1)
        case 9: ("humidity", 1)
        case 10: ("fanspeed", 1)
        case 11: ("airflow", 1)
        case 12: ("state", 1)
        case 14: ("dbm", 1)
        default: nil
        }
    }

    /// EntitySensorDataScale: 1 is 10^-24, 9 is 1, 17 is 10^24.
    private static func power(_ scale: Int64) -> Int64 { (1...17).contains(scale) ? (scale - 9) * 3 : 0 }

    private static func clamped(_ precision: Int64) -> Int64 { min(max(precision, -8), 9) }

    // MARK: tables of profiles

    private static func sensors(
        _ table: SensorTable, _ rows: SNMPRows, _ known: [UInt32: String]
    ) -> [DeviceSensor] {
        let names = values(table.nameColumn, rows)
        let low = values(table.low, rows)
        let high = values(table.high, rows)
        let kinds = values(table.selector, rows)
        return rows.under(table.value).compactMap { index, value in
            guard table.last == nil || table.last == index.last,
                table.selector == nil || isSelected(kinds[index], table.selected)
            else { return nil }
            let raw = SensorValue.number(value)
            if raw == nil, table.sensorClass != "state" || value.octets?.isEmpty != false { return nil }
            if let whole = raw.flatMap({ Int64(exactly: $0) }), table.skip.contains(whole) { return nil }
            func limit(_ values: [[UInt32]: SNMPValue]) -> Double? {
                values[index].flatMap(SensorValue.number).map { $0 * table.scale }
            }
            return DeviceSensor(
                oid: OID(table.value.parts + index), sensorClass: table.sensorClass,
                name: name(table.label, index, names, known),
                value: raw.flatMap { scaled($0, table) }, state: table.state(value, raw), low: limit(low),
                high: limit(high))
        }
    }

    private static func scaled(_ raw: Double, _ table: SensorTable) -> Double? {
        guard table.isDecibel else { return raw * table.scale }
        return raw < 0 ? raw / 100 : raw > 0 ? 10 * log10(raw * table.scale) : nil
    }

    private static func isSelected(_ value: SNMPValue?, _ wanted: Set<String>) -> Bool {
        guard let value else { return false }
        let text = value.number.map { String($0) } ?? DeviceText.text(value.octets, limit: 255)
        return text.map(wanted.contains) ?? false
    }

    private static func values(_ column: OID?, _ rows: SNMPRows) -> [[UInt32]: SNMPValue] {
        guard let column else { return [:] }
        var values: [[UInt32]: SNMPValue] = [:]
        for (index, value) in rows.under(column) { values[index] = value }
        return values
    }

    /// The text at the index or at the beginning of it; without one the label and the index.
    private static func name(
        _ label: String, _ index: [UInt32], _ names: [[UInt32]: SNMPValue], _ known: [UInt32: String]
    ) -> String {
        if let text = index.first.flatMap({ known[$0] }) { return label.isEmpty ? text : "\(label) \(text)" }
        var part = index
        while !part.isEmpty {
            if let text = DeviceText.text(names[part]?.octets, limit: 255) {
                return label.isEmpty ? text : "\(label) \(text)"
            }
            part.removeLast()
        }
        let number = index == [0] ? "" : index.map { String($0) }.joined(separator: ".")
        return [label, number].filter { !$0.isEmpty }.joined(separator: " ")
    }
}

/// Numbers as devices write them: any integer, a text that begins with one, or net-snmp's float in an Opaque.
enum SensorValue {
    static func number(_ value: SNMPValue) -> Double? {
        switch value {
        case .octets(let octets): return text(octets)
        case .opaque(let octets): return float(octets)
        default: return value.number.map(Double.init)
        }
    }

    private static func text(_ octets: [UInt8]) -> Double? {
        // BITS: a few octets that are no text.
        if !octets.isEmpty, octets.count <= 4, !DeviceText.isPrintable(octets) {
            return Double(octets.reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        }
        guard let text = DeviceText.text(octets, limit: 64) else { return nil }
        let digits = text.prefix { $0 == "-" || $0 == "+" || $0 == "." || ("0"..."9").contains($0) }
        return Double(digits).flatMap { $0.isFinite ? $0 : nil }
    }

    /// Tag 0x9f78, length 4, IEEE 754 single precision.
    private static func float(_ octets: [UInt8]) -> Double? {
        guard octets.count == 7, octets.starts(with: [0x9f, 0x78, 4]) else { return nil }
        let bits = octets.dropFirst(3).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let number = Double(Float(bitPattern: bits))
        return number.isFinite ? number : nil
    }
}
