/// How a page looks: a Mustache template with a name. Its model is found under the template's own names, the page's
/// surroundings (`t` for texts, `can` for what the person may do, `form` for the token of forms) beside them.
struct View: Sendable {
    /// The name under which other templates include it: `{{> name}}`.
    var name: String
    /// The template.
    var template: String

    /// A view.
    init(_ name: String, _ template: String) {
        self.name = name
        self.template = template
    }
}
