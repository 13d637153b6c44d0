import Model

/// Model, version and serial number of a device, as one source after the other tells them.
struct DeviceIdentity {
    var model: String?
    var version: String?
    var serial: String?

    /// What ENTITY-MIB tells.
    init(_ entities: [DeviceEntity]) {
        model = EntityReader.model(entities)
        version = EntityReader.version(entities)
        serial = EntityReader.serial(entities)
    }

    /// Whether nothing is left to be found.
    var isWhole: Bool { model != nil && version != nil && serial != nil }

    /// Takes what a profile knows: instead of what is there where it knows that better, else where nothing is there.
    mutating func take(_ profile: DeviceProfile, _ values: [OID: String], of report: DeviceReport) {
        func fact(_ name: String, _ found: String?, _ source: FactSource) -> String? {
            if found != nil, !profile.overridesEntity.contains(name) { return found }
            return source.fact(values, report.description ?? "", report.objectID) ?? found
        }
        model = fact("model", model, profile.model)
        version = fact("version", version, profile.version)
        serial = fact("serial", serial, profile.serial)
    }
}
