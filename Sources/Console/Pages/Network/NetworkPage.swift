import CMDB
import CollectorServices
import HTTPAPI
import Model
import Stores
import Wire

/// The whole network: places and links between them as lists and as a map, each place opened where it is asked for.
struct NetworkPage: Sendable {
    let maker: PageMaker
    let queries: QueryService
    let graph: GraphService
    let networks: NetworkMaps
    let maps: MapMaker

    var all: [Route] { [maker.page(Site.map, .read, make)] }

    /// Alarms looked at; the newest, should there be more.
    private static let alarms = 10_000

    @Sendable private func make(_ asked: PageRequest) async throws -> Page {
        try asked.request.only("open", "below")
        let question = try NetworkQuestion(asked)
        let map = try await networks.current()
        let worst = try await worst()
        let plan = NetworkPlan(map, worst: worst, opened: Set(question.places), below: Set(question.below))
        let lists = NetworkLists(plan, worst, question, asked.texts)
        let model = NetworkModel(
            summary: lists.summary, places: lists.places, allPath: lists.allPath, nonePath: lists.nonePath,
            opened: lists.opened, isEmpty: map.nodes.isEmpty,
            map: await maps.drawing(of: plan, question, asked.texts))
        return Page(NetworkView.view, title: asked.text("frame.map"), place: .map, model: model)
    }

    /// The worst alarm that fires on each machine and what is in it.
    private func worst() async throws -> [CIID: Severity] {
        let alarms = try await queries.alarms(in: [.firing, .acknowledged], after: nil, limit: Self.alarms)
        let machines = try await graph.machines(of: Set(alarms.map(\.key.ci)))
        return alarms.reduce(into: [:]) { worst, alarm in
            guard let machine = machines[alarm.key.ci] else { return }
            if alarm.severity.rank < worst[machine]?.rank ?? .max { worst[machine] = alarm.severity }
        }
    }
}
