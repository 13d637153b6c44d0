import Model

/// What happened to devices, in the reader's language.
enum EventWords {
    /// A kind of event; one that a file brought and no catalogue knows is shown as it is written.
    static func kind(_ kind: DeviceEventKind, _ texts: PageTexts) -> String {
        texts.word("event." + kind.rawValue.replacing("-", with: "_"), else: kind.rawValue.shownOnOneLine(limit: 64))
    }
}
