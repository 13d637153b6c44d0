/// Silences that hold.
struct SilencesModel: Sendable {
    var silences: [SilenceLine]
}

enum SilencesView {
    static let view = View(
        "silences",
        """
        <h1>{{t.silences.title}}</h1>
        <p class="hint">{{t.silences.lead}}</p>
        <div id="silences" data-live="alarms">
        {{> silence-lines}}
        {{^silences}}<p class="none">{{t.silences.none}}</p>{{/silences}}
        </div>
        """)
}
