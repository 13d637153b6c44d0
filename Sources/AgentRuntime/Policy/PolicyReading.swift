import Model
import Wire

/// What becomes of octets that are said to be a policy, without any effect.
package struct PolicyReading {
    /// What runs then, by name.
    package let parts: [String]
    /// What was refused, and why; the whole in one line where it cannot be read.
    package let refused: [String]

    /// Reads octets and lays them over a configuration.
    package init(_ bytes: [UInt8], over configuration: AgentConfiguration = AgentConfiguration()) {
        do throws(PolicyRefusal) {
            let application = PolicyApplication(try AgentPolicy(decoding: bytes), to: configuration)
            parts = application.settings.checks.map(\.definition.name) + application.settings.devices.map(\.name)
            refused = application.refused.map(\.description)
        } catch {
            (parts, refused) = ([], [error.description])
        }
    }
}
