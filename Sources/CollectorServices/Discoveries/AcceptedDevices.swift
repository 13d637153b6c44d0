import Model
import Stores

/// Devices that were found in networks and accepted, for the policies of the agents that probe them.
public struct AcceptedDevices: PolicyAdding {
    /// `discovery`
    public let giver = "discovery"
    private let store: any DiscoveryReading

    /// The devices in a store.
    public init(store: any DiscoveryReading) { self.store = store }

    /// See ``PolicyAdding``.
    public func devices(of agent: String) async throws -> [PolicyItem] { try await store.acceptedDevices(of: agent) }
}
