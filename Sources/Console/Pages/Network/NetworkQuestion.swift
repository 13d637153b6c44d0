import CMDB
import Model
import Wire

/// Which parts of the network are open, and the address that says so.
struct NetworkQuestion: Sendable {
    /// Keys of opened places, in the order in which they were opened.
    var places: [String] = []
    /// Devices on which everything is shown one by one.
    var below: [CIID] = []

    private static let most = 100

    /// Nothing is open.
    init() {}

    /// Reads a request.
    init(_ asked: PageRequest) throws {
        for place in asked.request.queries("open") where !place.isEmpty && !places.contains(place) {
            places.append(place)
        }
        for text in asked.request.queries("below") where !text.isEmpty {
            guard let number = Int64(text), number > 0 else { throw Self.refusal(asked.text("network.bad_number")) }
            if !below.contains(CIID(number)) { below.append(CIID(number)) }
        }
        guard places.count + below.count <= Self.most else {
            throw Self.refusal(asked.text("network.too_many", ["limit": String(Self.most)]))
        }
    }

    private static func refusal(_ detail: String) -> ProblemDetails {
        ProblemDetails(type: "/problems/invalid", title: "Invalid request", status: 400, detail: detail)
    }

    /// Its address.
    var path: String {
        Site.path(Site.map, places.map { ("open", $0) } + below.map { ("below", $0.description) })
    }

    /// With one more place open.
    func opening(_ place: NetworkMap.Place) -> NetworkQuestion {
        var other = self
        let key = NetworkPlan.key(of: place)
        if !other.places.contains(key) { other.places.append(key) }
        return other
    }

    /// Without a place.
    func closing(_ place: NetworkMap.Place) -> NetworkQuestion {
        var other = self
        other.places.removeAll { $0 == NetworkPlan.key(of: place) }
        return other
    }

    /// With what hangs on a device shown one by one.
    func below(_ device: CIID) -> NetworkQuestion {
        var other = self
        if !other.below.contains(device) { other.below.append(device) }
        return other
    }
}
