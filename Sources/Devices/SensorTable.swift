import Model
import SNMP
import TOML

/// Where a family keeps sensors: a column of values, and how to read it. Data in a profile (`[[sensors]]`).
public struct SensorTable: Hashable, Sendable {
    /// See ``units``.
    public var sensorClass: String
    /// The column or object; every row below it is a sensor.
    public var value: OID
    /// Where the sensors' names are.
    public var name: Names
    /// What they are called where there is no name, or before the index.
    public var label: String
    /// What a value is multiplied with.
    public var scale: Double
    /// Values that mean that there is no sensor.
    public var skip: Set<Int64>
    /// The last number of an index, where the table holds sensors of several classes and tells them apart by it.
    public var last: UInt32?
    /// The column that tells what a row is, and the numbers or texts there that make it one of these sensors.
    public var selector: OID?
    /// See `selector`.
    public var selected: Set<String>
    /// What the numbers or texts mean; `*` stands for all others.
    public var states: StateWords
    /// Whether the values are milliwatts (after `scale`) to be told in decibels; negative ones are decibels already, in
    /// hundredths, which newer software of such devices tells.
    public var isDecibel: Bool
    /// The columns of the limits, by the same index and in the same scale.
    public var low: OID?
    /// See `low`.
    public var high: OID?

    /// The classes and their units.
    public static let units = [
        "temperature": "celsius", "humidity": "percent", "voltage": "volts", "current": "amperes", "power": "watts",
        "apparent_power": "voltamperes", "power_factor": "", "frequency": "hertz", "fanspeed": "rpm",
        "load": "percent", "charge": "percent", "runtime": "minutes", "dbm": "dbm", "percent": "percent",
        "power_consumed": "kilowatthours", "airflow": "cubic_metres_per_minute", "count": "", "state": "",
        "cpu": "percent", "memory_used": "percent", "delay": "seconds", "pressure": "kilopascals",
        "signal": "dbm", "snr": "decibels", "quality": "percent", "waterflow": "litres_per_minute", "clients": "",
        "distance": "metres", "rate": "bits_per_second", "utilization": "percent",
    ]
    /// Where names are found.
    public enum Names: Hashable, Sendable {
        /// Nowhere: label and index.
        case none
        /// A column with the same index or the beginning of it.
        case column(OID)
        /// The index begins with an ifIndex.
        case interface
        /// The index begins with an entPhysicalIndex.
        case entity
    }
    /// What a state can be.
    public static let stateWords = ["ok", "warning", "critical", "off", "unknown"]

    init(_ table: TOMLTable) throws(TOMLError) {
        sensorClass = try table.requiredWord("class", among: Self.units.keys.sorted())
        value = try table.oid("value") ?? []
        if value.parts.isEmpty { throw table.missing("value") }
        switch try table.string("name", maxBytes: 1024) {
        case "interface": name = .interface
        case "entity": name = .entity
        default: name = try table.oid("name").map { .column($0) } ?? .none
        }
        label = try table.string("label", maxBytes: 255) ?? ""
        scale = try table.double("scale", in: -1e12...1e12) ?? 1
        skip = Set(try table.ints("skip")?.map(Int64.init) ?? [])
        last = try table.int("last", in: 0...Int(UInt32.max)).flatMap { UInt32(exactly: $0) }
        selector = try table.oid("where")
        selected = Set(try table.strings("is", maxBytes: 255) ?? [])
        if selector != nil, selected.isEmpty { throw table.missing("is") }
        states = try StateWords(table, among: Self.stateWords)
        isDecibel = try table.bool("decibel") ?? false
        low = try table.oid("low")
        high = try table.oid("high")
        try table.finish()
    }

    /// The column of the names, where there is one.
    var nameColumn: OID? { if case .column(let oid) = name { oid } else { nil } }

    /// What a value means; nil where nothing is known of its table.
    func state(_ value: SNMPValue, _ number: Double?) -> String? {
        if states.isEmpty { return nil }
        let whole = number.flatMap { Int64(exactly: $0) }.map { String($0) }
        let key = whole ?? DeviceText.text(value.octets, limit: 255)?.lowercased() ?? ""
        return states.word(key)
    }
}
