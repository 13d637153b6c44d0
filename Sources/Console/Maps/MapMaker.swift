import Logging
import Model

/// Makes maps for pages: plan, drawing, and the one pass that lets it into a page.
struct MapMaker: Sendable {
    private let drawer: MapDrawer
    private let keeper: MapKeeper
    private let logger: Logger

    /// Maps drawn by the program at a path; a page waits for the network's as long as `patience`.
    init(program: String, patience: Duration, logger: Logger) {
        drawer = MapDrawer(program: program)
        keeper = MapKeeper(drawer, patience: patience)
        self.logger = logger
    }

    /// A plan as a page shows it: the drawing, or why there is none.
    func drawing(
        of plan: MapPlan, severities: [CIID: Severity], asOf: Timestamp?, _ texts: PageTexts
    ) async -> MapModel {
        guard plan.nodes.count > 1 else { return MapModel(svg: nil, note: nil, left: nil) }
        let source = plan.source(severities: severities, asOf: asOf, texts)
        let left = plan.left > 0 ? texts.text("map.left", ["count": String(plan.left)]) : nil
        do {
            let markup = try await drawer.drawing(of: source, label: texts.text("map.label"))
            return MapModel(svg: markup, note: nil, left: left)
        } catch {
            return none(error, texts)
        }
    }

    /// The network as a page shows it, without waiting for a drawing that takes long.
    func drawing(of plan: NetworkPlan, _ question: NetworkQuestion, _ texts: PageTexts) async -> MapModel {
        guard plan.boxes.count > 1 || !plan.open.isEmpty && !plan.boxes.isEmpty else {
            return MapModel(svg: nil, note: nil, left: nil)
        }
        let source = plan.source(question, texts)
        let left = plan.left > 0 ? texts.text("map.left", ["count": String(plan.left)]) : nil
        let legend = texts.text("network.legend")
        let answer = await keeper.drawing(
            of: source, for: texts.language + " " + question.path, label: texts.text("network.label"))
        switch answer {
        case .drawn(let markup): return MapModel(svg: markup, legend: legend, note: nil, left: left)
        case .before(let markup):
            return MapModel(
                svg: markup, legend: legend, note: texts.text("network.before"), left: left, isComing: true)
        case .coming: return MapModel(svg: nil, note: texts.text("network.coming"), left: nil, isComing: true)
        case .failed(let failure): return none(failure, texts)
        }
    }

    /// No drawing, and why.
    private func none(_ failure: MapDrawer.Failure, _ texts: PageTexts) -> MapModel {
        switch failure {
        case .absent: return MapModel(svg: nil, note: texts.text("map.absent"), left: nil)
        case .busy: return MapModel(svg: nil, note: texts.text("map.busy"), left: nil)
        case .failed(let reason):
            logger.error("a map could not be drawn", metadata: ["reason": "\(reason)"])
            return MapModel(svg: nil, note: texts.text("map.failed"), left: nil)
        }
    }
}

/// A map in a page.
struct MapModel: Sendable {
    /// Markup that ``SVGFilter`` made; nil for no drawing.
    var svg: String?
    /// What its lines and colours mean; nil for a map of what hangs together.
    var legend: String?
    /// Why there is none.
    var note: String?
    /// What the drawing leaves out.
    var left: String?
    /// Whether it is being drawn while the page is read.
    var isComing = false
}

enum MapView {
    /// Under the name `map`. The drawing is the one content besides the frame's that is not escaped: ``SVGFilter`` wrote
    /// every byte of it.
    static let view = View(
        "map",
        """
        {{#map}}
        {{#svg}}<div class="map" tabindex="0" role="region" aria-label="{{t.map.label}}">{{{svg}}}</div><p class="hint map-wider"><span class="map-slide">{{t.map.wider}} </span><button type="button" class="quiet small map-fit" data-other="{{t.map.readable}}">{{t.map.whole}}</button></p><p class="hint">{{#legend}}{{legend}}{{/legend}}{{^legend}}{{t.map.legend}}{{/legend}}{{#left}} {{left}}{{/left}}</p>{{/svg}}
        {{#note}}<p class="none">{{note}}{{#isComing}} <a href="">{{t.network.load_again}}</a>{{/isComing}}</p>{{/note}}
        {{/map}}
        """)
}
