import LinuxSystem
import Model

/// Where packets go: the routes of the main table.
public struct RoutesSource: InventorySource {
    /// `routes`
    public static let name = "routes"

    /// A source.
    public init() {}

    /// Reads /proc/net/route and /proc/net/ipv6_route.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let routes = Route.all(context.root)
        guard !routes.isEmpty else { return .noData("no route in /proc/net/route and /proc/net/ipv6_route") }
        let items = routes.map { route in
            var facts = Attributes()
            facts.text("destination", route.destination)
            facts.text("gateway", route.gateway?.description)
            facts.text("interface", route.interface)
            facts.number("metric", route.metric)
            return facts.item("\(route.destination) \(route.gateway?.description ?? "-") \(route.interface)")
        }
        return .success([InventorySection(name: .routes, items: items.withDistinctKeys)])
    }
}
