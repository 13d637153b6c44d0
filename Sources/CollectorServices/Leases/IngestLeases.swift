import Model
import Stores
import Wire

/// Who looks through which network, as a report of findings is read.
struct SweepBook {
    private let leases: [SweepLease]

    init(_ leases: [SweepLease]) { self.leases = leases }

    /// The part of a site's networks in which an address lies, where the agent is or was one of those who look through it.
    func sweep(_ address: String, by agent: String) -> SweepLease? {
        guard let address = IPAddress(address) else { return nil }
        let all = leases.filter { sweep in
            sweep.network.contains(address)
                && (sweep.lease.holder == agent || sweep.lease.past.contains { $0.agent == agent })
        }
        return all.first { $0.lease.holder == agent } ?? all.first
    }
}

extension IngestService {
    /// What is said of a device that is another agent's now, under a higher number, is not taken: the agent comes back from silence and
    /// does not know yet. Nil where the agent may speak of the device; else the receipt that says so.
    ///
    /// The number needs not be sent: of each agent it is known under which it had the device.
    func refusal(of device: String, _ origin: FrameOrigin) async throws -> AgentChange? {
        let all = try await store.discoveries(probedAs: device)
        guard !all.contains(where: { $0.holder == origin.agent }),
            let lost = all.first(where: { $0.lease.wasLost(by: origin.agent) })
        else { return nil }
        let holder = lost.holder.map { "agent \($0)" } ?? "nobody"
        return .receipt(
            agent: origin.agent,
            receipt: Receipt(
                source: "lease/\(device)", outcome: .truncated, found: 0, milliseconds: 0,
                message: "not taken: \(holder) has this device now, number \(lost.fence)"))
    }

    /// The same for the subject of a report.
    func refusal(of subject: Subject, _ origin: FrameOrigin) async throws -> AgentChange? {
        guard case .device(let device) = subject else { return nil }
        return try await refusal(of: device, origin)
    }
}
