import CollectorServices
import Model

extension Shape where Value == SweepShare {
    /// Networks that one agent looks through for a policy.
    static var sweep: Shape {
        .object(
            "Sweep",
            [
                Member("policy", .text) { $0.policy },
                Member("networks", Shape<String>.text.list) { $0.networks.map(\.description) },
                Member("agent", Shape<String>.text.orNull, "Null where no agent may or can look through them.") {
                    $0.agent?.id
                },
                Member("hostname", Shape<String>.text.orNull) { $0.agent?.hostname },
                Member("silent", .flag, "The agent is silent, and nobody else may have them.") {
                    $0.agent?.isSilent ?? false
                },
                Member("since", Shape<Timestamp>.time.orNull, "Since when it has the newest of them.") { $0.since },
                Member("fence", .integer, "Counted up each time another agent gets one of them.") { $0.fence },
            ])
    }
}
