import Model
import SNMP

/// How the sensors of one device are read again and again: what its whole reading found of them.
public struct SensorPlan: Hashable, Sendable {
    private let tables: [SensorTable]
    private let entities: [DeviceEntity]
    private let interfaces: [UInt32: String]
    /// The columns that had rows; the others are not asked for.
    let columns: [OID]

    /// Sensors of one device that are measured.
    private static let capacity = 1000

    /// A plan; nil for a device without a sensor.
    init?(
        _ tables: [SensorTable], _ entities: [DeviceEntity], _ interfaces: [UInt32: String], _ asked: [OID],
        _ rows: SNMPRows
    ) {
        columns = asked.filter { rows.hasRows(under: $0) }
        if columns.isEmpty { return nil }
        self.tables = tables
        self.entities = entities
        self.interfaces = interfaces
    }

    /// The readings in an answer.
    func sensors(_ result: SNMPResult) -> [DeviceSensor] {
        Array(
            SensorReader.sensors(result, tables: tables, entities: entities, interfaces: interfaces)
                .prefix(Self.capacity))
    }
}
