/// How tables are laid out: for so many columns of a terminal, or as wide as they are.
struct Layout {
    /// Columns of the terminal; nil where nothing is cut.
    var width: Int?
    /// Whether states and severities are coloured.
    var hasColour = false

    /// As wide as it is, without colour: for pipes and files.
    static let plain = Layout(width: nil)
}
