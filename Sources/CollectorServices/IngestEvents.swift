import CMDB
import Model
import Stores
import Wire

extension IngestService {
    /// What happened to devices, each on the timeline of its interface or device.
    func eventEffects(_ events: [DeviceEvent], _ origin: FrameOrigin) async throws -> IngestEffects {
        var effects = IngestEffects()
        for event in events {
            if let refusal = try await refusal(of: event.device, origin) {
                effects.set.agents.append(refusal)
                continue
            }
            let ci = try await subject(of: event, origin)
            effects.set.events.append(
                .deviceReported(ci: ci, agent: origin.agent, event: event, isLate: origin.isOvertaken))
        }
        return effects
    }

    /// The interface that the agent's record of the device has under its ifIndex; else the device.
    private func subject(of event: DeviceEvent, _ origin: FrameOrigin) async throws -> CIID {
        let device = try await resolve(event.subject, origin)
        guard let index = event.interface else { return device }
        let statement = SectionStatement(
            agent: origin.agent, subject: .device(target: event.device, address: nil), section: .interfaces, items: [],
            isComplete: false, digest: "", claimedTime: origin.frame.claimedTime)
        let prefix = SectionCatalogue.childPrefix(of: .interfaces) ?? ""
        let object = try await store.object(
            sourceKind: statement.sourceKind, sourceName: origin.agent, scope: statement.scope, key: "\(prefix)\(index)"
        )
        return object?.ci?.id ?? device
    }
}
