import CollectorServices
import HTTPAPI
import Model
import Stores

/// The silences that hold, and ending one.
struct SilencesPage: Sendable {
    let maker: PageMaker
    let queries: QueryService
    let commands: AlarmCommands

    var all: [Route] {
        [
            maker.page(Site.silences) { asked in
                try asked.request.only()
                let found = try await commands.silences().sorted { $0.until < $1.until }
                let names = try await queries.names(of: Set(found.compactMap(\.ci)))
                let model = SilencesModel(silences: found.map { SilenceLine($0, names: names, asked.texts) })
                return Page(SilencesView.view, title: asked.text("silences.title"), place: .alarms, model: model)
            },
            maker.action("/silences/{number}/end", .operate) { asked, _, person in
                try await commands.endSilence(try asked.number("number"), by: person.user.name)
                return asked.back(else: Site.silences)
            },
        ]
    }
}
