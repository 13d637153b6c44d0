import Model

/// The packed form of a status: it leaves with every heartbeat of every agent, and its names were three quarters of it.
enum StatusCodec {
    /// Version, boot id, then numbers in the order of ``AgentStatus``; what is settled as one more than it is, 0 for nil;
    /// the policy's tag, empty for nil; how many networks may be looked through, and each of them.
    static func encode(_ status: AgentStatus) -> [UInt8] {
        var writer = ByteWriter()
        writer.text(status.version)
        writer.text(status.bootID)
        writer.variable(status.generation)
        writer.variable(UInt64(clamping: status.heartbeatSeconds))
        writer.variable(status.enqueued)
        writer.variable(status.acknowledged)
        writer.variable(status.dropped)
        writer.variable(UInt64(clamping: status.spoolBytes))
        writer.variable(status.settled.map { $0 == .max ? .max : $0 + 1 } ?? 0)
        writer.text(status.policy ?? "")
        let sweeps = status.sweeps.prefix(AgentStatus.sweepLimit)
        writer.variable(UInt64(clamping: sweeps.count))
        for network in sweeps { writer.text(network) }
        return writer.bytes
    }

    /// Reads what ``encode(_:)`` wrote. Octets behind it are of a later version and are let be.
    static func decode(_ bytes: [UInt8]) throws(PackedError) -> AgentStatus {
        var reader = ByteReader(bytes)
        var status = AgentStatus(
            version: try reader.text("version", limit: Limits.nameBytes),
            bootID: try reader.text("boot id", limit: Limits.nameBytes), generation: try reader.variable(),
            heartbeatSeconds: try reader.count(of: "heartbeat seconds", limit: Int(Int32.max)),
            enqueued: try reader.variable(), acknowledged: try reader.variable(), dropped: try reader.variable(),
            spoolBytes: Int64(try reader.count(of: "spool bytes", limit: Int(Int64.max))))
        let settled = try reader.variable()
        status.settled = settled == 0 ? nil : settled - 1
        let policy = try reader.text("policy tag", limit: Limits.nameBytes)
        status.policy = policy.isEmpty ? nil : policy
        // Older agents end here.
        guard reader.remaining > 0 else { return status }
        let count = try reader.count(of: "networks", limit: AgentStatus.sweepLimit)
        for _ in 0..<count { status.sweeps.append(try reader.text("network", limit: Limits.nameBytes)) }
        return status
    }
}
