/// What stands around every page.
struct FrameModel: Sendable {
    var language: String
    var title: String
    /// The page, filled already.
    var content: String
    var style: String
    var script: String
    var chartScript: String?
    var user: String?
    /// Where the page hears of changes.
    var live: String
    var navigation: [NavigationModel]
}

enum FrameView {
    static let view = View(
        "frame",
        """
        <!doctype html>
        <html lang="{{language}}">
        <head>
        <meta charset="utf-8">
        <title>{{title}} · Muster</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="{{style}}">
        {{#chartScript}}<script src="{{chartScript}}" defer></script>{{/chartScript}}
        <script src="{{script}}" defer></script>
        </head>
        <body{{#user}} data-live-from="{{live}}"{{/user}} data-locale="{{language}}"
          data-now="{{t.frame.just_now}}" data-lost="{{t.frame.connection_lost}}">
        <a class="skip" href="#main">{{t.frame.skip}}</a>
        {{#user}}{{> navigation}}{{/user}}
        <main id="main" tabindex="-1">
        {{{content}}}
        </main>
        <p id="news" class="visually-hidden" role="status" aria-live="polite"></p>
        </body>
        </html>

        """)
}
