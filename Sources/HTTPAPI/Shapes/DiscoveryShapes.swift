import Model
import Stores

/// Something that was found in a network, with the row of the CI it is.
struct DiscoveryView: Sendable {
    let record: DiscoveryRecord
    let ci: CIRecord?
}

extension Shape where Value == DiscoverySight {
    /// An agent that sees a thing.
    static var sight: Shape {
        .object(
            "DiscoverySight",
            [
                Member("agent", .text) { $0.agent }, Member("address", .text) { $0.address },
                Member("credential", Shape<String>.text.orNull, "The one that works, by the name in agent.toml.") {
                    $0.credential
                },
                Member("seen_at", .time) { $0.at },
            ])
    }
}

extension Shape where Value == DiscoveryView {
    /// Something that was found in a network.
    static var discovery: Shape {
        .object(
            "Discovery",
            [
                Member("id", .integer) { $0.record.id },
                Member("state", .word) { $0.record.state },
                Member("label", .text, "Its name, else its address.") { $0.record.label },
                Member("name", Shape<String>.text.orNull, "sysName, or what a neighbour calls it.") {
                    $0.record.finding.name
                },
                Member("addresses", Shape<String>.text.list, "The first is where it was found.") {
                    $0.record.finding.addresses
                },
                Member("macs", Shape<String>.text.list) { $0.record.finding.macs },
                Member("ways", Shape<DiscoveryWay>.word.list, "How it became known.") { $0.record.finding.ways },
                Member("tcp_ports", Shape<Int>.number.list, "Open ones, of those that were tried.") {
                    $0.record.finding.ports
                },
                Member("description", Shape<String>.text.orNull) { $0.record.finding.about },
                Member("object_id", Shape<String>.text.orNull, "sysObjectID.") { $0.record.finding.objectID },
                Member("engine_id", Shape<String>.text.orNull, "snmpEngineID.") { $0.record.finding.engineID },
                Member("chassis_id", Shape<String>.text.orNull, "lldpLocChassisId.") { $0.record.finding.chassisID },
                Member("serial", Shape<String>.text.orNull) { $0.record.finding.serial },
                Member("vendor", Shape<String>.text.orNull) { $0.record.finding.vendor },
                Member("model", Shape<String>.text.orNull) { $0.record.finding.model },
                Member("os", Shape<String>.text.orNull) { $0.record.finding.os },
                Member("kind", Shape<String>.text.orNull, "What it is for: network, printer and so on.") {
                    $0.record.finding.kind
                },
                Member(
                    "refusal", Shape<DiscoveryRefusal>.word.orNull,
                    "Why it does not answer SNMP: wrong-secret and unknown-user are its own words over SNMPv3."
                ) { $0.record.finding.refusal },
                Member("refusal_text", Shape<String>.text.orNull) { $0.record.finding.refusalText },
                Member("told_by", Shape<String>.text.list, "Devices that told of it.") { $0.record.finding.toldBy },
                Member("depth", .number, "Neighbours between it and where the agent began.") {
                    $0.record.finding.depth
                },
                Member("seen_by", Shape<DiscoverySight>.sight.list) { $0.record.sights },
                Member("first_seen", .time) { $0.record.firstSeen },
                Member("last_seen", .time) { $0.record.lastSeen },
                Member("ci", Shape<Int64>.integer.orNull) { $0.record.ci?.rawValue },
                Member("ci_class", Shape<String>.text.orNull) { $0.ci?.className.rawValue },
                Member("ci_name", Shape<String>.text.orNull) { $0.ci?.name },
                Member("device", Shape<String>.text.orNull, "The name under which it is probed.") { $0.record.device },
                Member("agent", Shape<String>.text.orNull, "The agent that probes it.") { $0.record.holder },
                Member("fence", .integer, "Counted up each time another agent probes it.") { $0.record.fence },
                Member("decided_by", Shape<String>.text.orNull) { $0.record.decidedBy },
                Member("decided_at", Shape<Timestamp>.time.orNull) { $0.record.decidedAt },
                Member("note", .text) { $0.record.note },
            ])
    }
}
